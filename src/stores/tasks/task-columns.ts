import { type Accessor, createMemo } from 'solid-js'
import { type TaskStatus, type tasks, taskStatuses } from '../../domain/collections/tasks.ts'
import type { CalendarDay } from '../../domain/tasks/calendar-day.ts'
import { type TaskFilter, isFiltering, matchesFilter } from '../../domain/tasks/filter.ts'
import { byOrder } from '../../domain/tasks/place.ts'
import type { CollectionStore } from '../collection-store.ts'
import type { TaskCommands } from './task-commands.ts'

export type TaskColumns = Readonly<Record<TaskStatus, Accessor<readonly string[]>>>

/** What must stay where it is now, whatever others do. */
export interface Hold {
  /** A card is in the hand: nothing moves. */
  readonly grabbed: Accessor<boolean>
  /** The card that a pointer lies on, and where it is shown. */
  readonly under: Accessor<{ readonly id: string; readonly status: TaskStatus } | null>
  /** The columns stand one below the other, so what happens in one moves those after it. */
  readonly stacked: Accessor<boolean>
}

type Lines = Readonly<Record<TaskStatus, readonly string[]>>
const NO_LINES: Lines = { backlog: [], in_progress: [], blocked: [], review: [], done: [] }

/** The ids of each column, filtered and sorted. A column tells its readers only when its own sequence changes.
 *  Remote changes never move what is under a pointer that is about to act: where one would, its column stands as it
 *  was, and a task that is gone meanwhile keeps its place empty. One's own command or filter is always shown. */
export function createTaskColumns(
  store: CollectionStore<typeof tasks> & { readonly commands: Pick<TaskCommands, 'acted'> },
  filter: Accessor<TaskFilter>,
  today: Accessor<CalendarDay>,
  hold: Hold,
): TaskColumns {
  const membership = createMemo(() => {
    const groups: Record<TaskStatus, string[]> = {
      backlog: [],
      in_progress: [],
      blocked: [],
      review: [],
      done: [],
    }
    const current = filter()
    const filtering = isFiltering(current)
    for (const id of store.ids()) {
      const task = store.byId[id]
      if (task && (!filtering || matchesFilter(task, current, today()))) groups[task.status].push(id)
    }
    return groups
  })

  const sortedLine = (status: TaskStatus): Accessor<readonly string[]> => {
    const members = createMemo(() => membership()[status], [], { equals: sameSequence })
    return createMemo(
      () =>
        members()
          .map((id) => ({ id, order: store.byId[id]?.order ?? '' }))
          .toSorted(byOrder)
          .map((item) => item.id),
      [],
      { equals: sameSequence },
    )
  }
  const sorted = byStatus(sortedLine)
  const shown = createMemo<{ lines: Lines; acted: number; filter: TaskFilter }>(
    (before) => {
      const now = {
        lines: byStatus((status) => sorted[status]()),
        acted: store.commands.acted(),
        filter: filter(),
      }
      if (before.acted !== now.acted || before.filter !== now.filter) return now
      return { ...now, lines: heldLines(before.lines, now.lines, hold) }
    },
    { lines: NO_LINES, acted: -1, filter: filter() },
  )
  return byStatus((status) => createMemo(() => shown().lines[status], [], { equals: sameSequence }))
}

function heldLines(before: Lines, now: Lines, hold: Hold): Lines {
  if (hold.grabbed()) return before
  const under = hold.under()
  if (under === null) return now
  const at = taskStatuses.indexOf(under.status)
  const stands = (status: TaskStatus): boolean => {
    if (status !== under.status) return hold.stacked() && taskStatuses.indexOf(status) < at
    // What changes below the card moves nothing under the pointer.
    const upTo = before[status].indexOf(under.id) + 1
    return !sameSequence(before[status].slice(0, upTo), now[status].slice(0, upTo))
  }
  const standing = taskStatuses.filter(stands)
  if (standing.length === 0) return now
  const kept = new Set(standing.flatMap((status) => before[status]))
  return byStatus((status) =>
    standing.includes(status) ? before[status] : now[status].filter((id) => !kept.has(id)),
  )
}

function byStatus<T>(make: (status: TaskStatus) => T): Record<TaskStatus, T> {
  return {
    backlog: make('backlog'),
    in_progress: make('in_progress'),
    blocked: make('blocked'),
    review: make('review'),
    done: make('done'),
  }
}

export function sameSequence(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index])
}
