import type { Task } from '../../domain/collections/tasks.ts'
import { fold } from '../../domain/tasks/date-words.ts'
import { NO_FILTER, matchesFilter } from '../../domain/tasks/filter.ts'
import type { TaskStore } from './task-store.ts'

const AT_MOST = 8

/** The tasks whose titles carry all these words: first those that say them just so, then those still to be done, and of
 *  those the newest. */
export function findTasks(store: Pick<TaskStore, 'ids' | 'byId'>, words: string): Task[] {
  const filter = { ...NO_FILTER, text: words }
  const found = store
    .ids()
    .toReversed()
    .flatMap((id) => store.byId[id] ?? [])
    // No due date is asked about, so any day will do.
    .filter((task) => matchesFilter(task, filter, '1970-01-01'))
  const phrase = fold(words.trim())
  const rank = (task: Task) => (fold(task.title).includes(phrase) ? 0 : 2) + (task.status === 'done' ? 1 : 0)
  return found.toSorted((one, other) => rank(one) - rank(other)).slice(0, AT_MOST)
}
