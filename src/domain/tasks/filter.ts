import type { Task } from '../collections/tasks.ts'
import { type CalendarDay, addDays, weekday } from './calendar-day.ts'
import { fold } from './date-words.ts'

export const DUE_FILTERS = ['late', 'today', 'week', 'none'] as const
export type DueFilter = (typeof DUE_FILTERS)[number]

/** Which tasks are shown. Within one field any of the values will do; the fields all have to hold. */
export interface TaskFilter {
  /** member ids; `none` is nobody's */
  readonly assignees: readonly string[]
  readonly labels: readonly string[]
  readonly due: DueFilter | null
  readonly text: string
}

export const NO_FILTER: TaskFilter = { assignees: [], labels: [], due: null, text: '' }

export function isFiltering(filter: TaskFilter): boolean {
  return (
    filter.assignees.length > 0 ||
    filter.labels.length > 0 ||
    filter.due !== null ||
    filter.text.trim() !== ''
  )
}

type Filtered = Pick<Task, 'title' | 'assignee' | 'labels' | 'due' | 'status'>

/** Reads only the fields that the filter asks about, so that a change of another field decides nothing anew. */
export function matchesFilter(task: Filtered, filter: TaskFilter, today: CalendarDay): boolean {
  if (filter.assignees.length > 0 && !filter.assignees.includes(task.assignee ?? 'none')) return false
  if (filter.labels.length > 0 && !filter.labels.some((label) => task.labels.includes(label))) return false
  if (filter.due !== null && !matchesDue(task, filter.due, today)) return false
  const words = fold(filter.text).split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const title = fold(task.title)
  return words.every((word) => title.includes(word))
}

function matchesDue(task: Filtered, due: DueFilter, today: CalendarDay): boolean {
  if (due === 'none') return task.due === null
  if (task.due === null) return false
  if (due === 'late') return task.due < today && task.status !== 'done'
  if (due === 'today') return task.due === today
  return task.due >= today && task.due <= endOfWeek(today)
}

/** The Sunday that ends this week. */
function endOfWeek(today: CalendarDay): CalendarDay {
  return addDays(today, (7 - weekday(today)) % 7)
}
