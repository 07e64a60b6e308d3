/**
 * Tells of tasks that somebody else has given to this person: once a transaction, so that a catch-up after days makes
 * one line. What a device reads at its very first sync is no news.
 */
import { onCleanup } from 'solid-js'
import type * as Y from 'yjs'
import { tasks } from '../../domain/collections/tasks.ts'
import { entitiesOf, entityMap, readEntity } from '../../sync/collection-map.ts'
import { FROM_HINT, FROM_LOG } from '../../sync/origins.ts'
import type { CollectionSource } from '../collection-store.ts'

interface Assignments {
  readonly board: CollectionSource
  readonly person: string
  /** This device had the board before what comes now. */
  hadBoard(): boolean
  tell(ids: readonly string[]): void
}

export function followAssignments({ board, person, hadBoard, tell }: Assignments): void {
  // A copy that storage lost, or could not keep, comes back whole: nothing of it is new to this person.
  let filled = false
  void board.filled.then(() => (filled = true))
  const follow = (doc: Y.Doc) => {
    const entities = entitiesOf(doc, tasks)
    const observer = (events: Y.YEvent<Y.AbstractType<unknown>>[], { origin }: Y.Transaction) => {
      if ((origin !== FROM_LOG && origin !== FROM_HINT) || !filled || !hadBoard()) return
      const mine = [...events].flatMap((event) => assignedBy(event, doc, person))
      if (mine.length > 0) tell(mine)
    }
    entities.observeDeep(observer)
    return () => entities.unobserveDeep(observer)
  }
  let unfollow = follow(board.doc)
  const forget = board.onReplaced((doc) => {
    unfollow()
    unfollow = follow(doc)
  })
  onCleanup(() => {
    forget()
    unfollow()
  })
}

/** Tasks of this person that somebody else has made, and those that have become this person's. */
function assignedBy(
  { path, changes }: Y.YEvent<Y.AbstractType<unknown>>,
  doc: Y.Doc,
  person: string,
): string[] {
  const task = (id: string) => {
    const map = entityMap(doc, tasks, id)
    const read = map && readEntity(tasks, id, map)
    return read?.assignee === person && read.deleted_at === null ? read : null
  }
  if (path.length === 0) {
    const added = [...changes.keys].flatMap(([id, { action }]) => (action === 'add' ? [id] : []))
    return added.filter((id) => (task(id)?.created_by ?? person) !== person)
  }
  const id = String(path[0])
  return path.length === 1 && changes.keys.has('assignee') && task(id) ? [id] : []
}
