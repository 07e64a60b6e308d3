import { DUE_FILTERS, type DueFilter, type TaskFilter } from './filter.ts'

/** What of the tasks screen lives in its URL, so that a link shows another person the same thing. */
export interface TaskView {
  readonly view: 'board' | 'list'
  readonly filter: TaskFilter
  /** the task whose detail is open */
  readonly task: string | null
}

type Query = Readonly<Record<string, string | readonly string[] | undefined>>

export function readTaskView(query: Query): TaskView {
  const due = one(query['due'])
  return {
    view: one(query['view']) === 'list' ? 'list' : 'board',
    filter: {
      assignees: many(query['who']),
      labels: many(query['label']),
      due: isDueFilter(due) ? due : null,
      text: one(query['q']) ?? '',
    },
    task: one(query['task']) ?? null,
  }
}

/** `undefined` takes the key out of the URL: what is usual is not said. */
export function writeTaskView(view: TaskView): Record<string, string | undefined> {
  const { filter } = view
  return {
    view: view.view === 'list' ? 'list' : undefined,
    who: filter.assignees.join(',') || undefined,
    label: filter.labels.join(',') || undefined,
    due: filter.due ?? undefined,
    q: filter.text || undefined,
    task: view.task ?? undefined,
  }
}

function one(value: Query[string]): string | undefined {
  return typeof value === 'string' ? value : value?.[0]
}

function many(value: Query[string]): string[] {
  const joined = typeof value === 'string' ? value : (value?.join(',') ?? '')
  return [...new Set(joined.split(',').filter(Boolean))]
}

function isDueFilter(value: string | undefined): value is DueFilter {
  return DUE_FILTERS.some((due) => due === value)
}
