import type { Task } from '../../domain/collections/tasks.ts'
import { NO_FILTER, matchesFilter } from '../../domain/tasks/filter.ts'
import type { TaskStore } from './task-store.ts'

const AT_MOST = 8

/** The tasks whose titles carry all these words: those still to be done first, and of those the newest. */
export function findTasks(store: Pick<TaskStore, 'ids' | 'byId'>, words: string): Task[] {
  const filter = { ...NO_FILTER, text: words }
  const found = store
    .ids()
    .toReversed()
    .flatMap((id) => store.byId[id] ?? [])
    // No due date is asked about, so any day will do.
    .filter((task) => matchesFilter(task, filter, '1970-01-01'))
  const open = found.filter((task) => task.status !== 'done')
  return [...open, ...found.filter((task) => task.status === 'done')].slice(0, AT_MOST)
}
