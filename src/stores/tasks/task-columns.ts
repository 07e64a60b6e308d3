import { type Accessor, createMemo } from 'solid-js'
import { type TaskStatus, type tasks, taskStatuses } from '../../domain/collections/tasks.ts'
import type { CalendarDay } from '../../domain/tasks/calendar-day.ts'
import { type TaskFilter, isFiltering, matchesFilter } from '../../domain/tasks/filter.ts'
import { byOrder } from '../../domain/tasks/place.ts'
import type { CollectionStore } from '../collection-store.ts'

export type TaskColumns = Readonly<Record<TaskStatus, Accessor<readonly string[]>>>

/** The ids of each column, filtered and sorted. A column tells its readers only when its own sequence changes.
 *  While `held` is true columns stand as they are, so that nothing moves under a pointer that is about to act; a
 *  task that is gone meanwhile keeps its place empty. */
export function createTaskColumns(
  store: CollectionStore<typeof tasks>,
  filter: Accessor<TaskFilter>,
  today: Accessor<CalendarDay>,
  held: Accessor<boolean>,
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

  const column = (status: TaskStatus): Accessor<readonly string[]> => {
    const members = createMemo(() => membership()[status], [], { equals: sameSequence })
    const sorted = createMemo(
      () =>
        members()
          .map((id) => ({ id, order: store.byId[id]?.order ?? '' }))
          .toSorted(byOrder)
          .map((item) => item.id),
      [],
      { equals: sameSequence },
    )
    return createMemo<readonly string[]>((shown) => (held() ? shown : sorted()), [])
  }

  const columns: Partial<Record<TaskStatus, Accessor<readonly string[]>>> = {}
  for (const status of taskStatuses) columns[status] = column(status)
  return columns as TaskColumns // the loop has filled every status
}

export function sameSequence(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index])
}
