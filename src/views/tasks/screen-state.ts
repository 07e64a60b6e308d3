import { useSearchParams } from '@solidjs/router'
import {
  type Accessor,
  batch,
  createContext,
  createMemo,
  createSelector,
  createSignal,
  useContext,
} from 'solid-js'
import { type TaskStatus, taskStatuses } from '../../domain/collections/tasks.ts'
import type { LocalNow } from '../../domain/tasks/calendar-day.ts'
import type { TaskFilter } from '../../domain/tasks/filter.ts'
import { type TaskView, readTaskView, writeTaskView } from '../../domain/tasks/view-query.ts'
import { type TaskColumns, createTaskColumns } from '../../stores/tasks/task-columns.ts'
import { useTaskStore } from '../../stores/tasks/task-store-context.ts'
import type { TaskStore } from '../../stores/tasks/task-store.ts'
import { type BoardHold, createHold } from './hold.ts'
import { createLocalNow } from './local-now.ts'

export type FieldName = 'status' | 'assignee' | 'priority' | 'labels' | 'due'

/** An open choice of a field, for one task or for the selection. */
export interface OpenField {
  readonly field: FieldName
  readonly ids: readonly string[]
  /** `pane`: opened from the detail, which keeps the focus afterwards */
  readonly from: 'card' | 'pane' | 'bar'
}

export interface TasksScreen {
  readonly store: TaskStore
  readonly columns: TaskColumns
  readonly now: Accessor<LocalNow>
  readonly view: Accessor<TaskView>
  show(change: Partial<TaskView>): void
  filterBy(change: Partial<TaskFilter>): void
  open(id: string | null): void
  /** Tells only the card that was opened and the one that was left. */
  isOpen(id: string): boolean
  /** The address that shows this task beside what is shown now. */
  linkTo(id: string): string
  /** The card that holds the keyboard's place: one tab stop for the whole board. */
  readonly cursor: Accessor<string | null>
  setCursor(id: string | null): void
  readonly selected: Accessor<ReadonlySet<string>>
  toggle(id: string): void
  select(ids: readonly string[]): void
  /** What a key acts on: the selection, or else the open task, or else the card under the keyboard. */
  targets(): readonly string[]
  readonly openField: Accessor<OpenField | null>
  setOpenField(field: OpenField | null): void
  readonly adding: Accessor<TaskStatus | null>
  setAdding(status: TaskStatus | null): void
  /** Every shown task, in reading order. */
  shown(): readonly string[]
  columnOf(id: string): TaskStatus | null
  readonly hold: BoardHold
  readonly announcement: Accessor<string>
  announce(text: string): void
}

export const TasksScreenContext = createContext<TasksScreen>()

export function useTasksScreen(): TasksScreen {
  const screen = useContext(TasksScreenContext)
  if (screen === undefined) throw new Error('This part of the tasks screen stands outside of it.')
  return screen
}

export function createTasksScreen(): TasksScreen {
  const store = useTaskStore()
  const [query, setQuery] = useSearchParams()
  const view = createMemo(() => readTaskView(query))
  const filter = createMemo(() => view().filter, undefined, {
    equals: (before, after) => JSON.stringify(before) === JSON.stringify(after),
  })
  const isOpen = createSelector(() => view().task)
  // Hundreds of cards ask for their address; opening one of them changes none.
  const addressOfOthers = createMemo(() => {
    const query = new URLSearchParams()
    for (const [key, value] of Object.entries(writeTaskView({ ...view(), task: null }))) {
      if (value !== undefined) query.set(key, value)
    }
    return query.size > 0 ? `${query}&` : ''
  })
  const now = createLocalNow()
  const today = createMemo(() => now().day)
  const hold = createHold(() => view().view === 'list')
  const columns = createTaskColumns(store, filter, today, hold)
  const [place, setPlace] = createSignal<string | null>(null)
  const [picked, setPicked] = createSignal<ReadonlySet<string>>(new Set())
  const [openField, setOpenField] = createSignal<OpenField | null>(null)
  const [adding, setAdding] = createSignal<TaskStatus | null>(null)
  const [announcement, setAnnouncement] = createSignal('')

  const show = (change: Partial<TaskView>) => {
    // Opening a task is a step one can go back from; a changed filter is not.
    const opens = change.task !== undefined && change.task !== null && view().task === null
    setQuery(writeTaskView({ ...view(), ...change }), { replace: !opens, scroll: false })
  }
  // The installed app's shortcut "New task".
  if (query['new'] !== undefined) {
    setAdding('backlog')
    setQuery({ new: undefined }, { replace: true, scroll: false })
  }
  const shown = () => taskStatuses.flatMap((status) => columns[status]())
  const columnOf = (id: string) => taskStatuses.find((status) => columns[status]().includes(id)) ?? null
  const cursor = createMemo(() => {
    const id = place()
    return id !== null && store.has(id) ? id : null
  })
  const selected = createMemo<ReadonlySet<string>>(
    () => new Set([...picked()].filter((id) => store.has(id))),
    new Set(),
  )

  return {
    store,
    columns,
    now,
    view,
    show,
    filterBy: (change) => show({ filter: { ...view().filter, ...change } }),
    open: (task) => show({ task }),
    isOpen,
    linkTo: (task) => `?${addressOfOthers()}task=${encodeURIComponent(task)}`,
    cursor,
    setCursor: setPlace,
    selected,
    toggle(id) {
      const next = new Set(picked())
      if (!next.delete(id)) next.add(id)
      setPicked(next)
    },
    select: (ids) => setPicked(new Set(ids)),
    targets() {
      if (selected().size > 0) return shown().filter((id) => selected().has(id))
      const one = cursor() ?? view().task
      return one === null || !store.has(one) ? [] : [one]
    },
    openField,
    setOpenField,
    adding,
    setAdding,
    shown,
    columnOf,
    hold,
    announcement,
    announce: (text) =>
      batch(() => {
        // The same words twice are read twice only if the text changes.
        setAnnouncement((before) => (before === text ? `${text}\u00A0` : text))
      }),
  }
}
