import { createMemo, onCleanup } from 'solid-js'
import type { labels as labelCollection } from '../../domain/collections/labels.ts'
import { tasks as taskCollection } from '../../domain/collections/tasks.ts'
import type { RandomBytes } from '../../domain/ids.ts'
import { entitiesOf } from '../../sync/collection-map.ts'
import type { DocumentHandle } from '../../sync/sync-engine.ts'
import { type AttachmentStore, createAttachmentStore } from '../attachments/attachment-store.ts'
import type { WorkspaceFiles } from '../attachments/workspace-files.ts'
import { type CollectionStore, createCollectionStore } from '../collection-store.ts'
import { followAssignments } from './assigned-to-me.ts'
import { sameSequence } from './task-columns.ts'
import { type TaskCommands, makeTaskCommands } from './task-commands.ts'
import { type TaskDescription, createTaskDescription } from './task-description.ts'

/** The tasks of one board, and everything that can be done to them. */
/** `ids` and `has` know live tasks only; `byId` also those in the trash. */
export interface TaskStore extends CollectionStore<typeof taskCollection> {
  /** The document. */
  readonly board: string
  readonly commands: TaskCommands
  readonly attachments: AttachmentStore
  /** To be called under a reactive owner, which ends it. */
  description(id: string): TaskDescription
  /** Hears of tasks that others give to this person; to be called under a reactive owner, which ends it. */
  onAssigned(hadBoard: () => boolean, tell: (ids: readonly string[]) => void): void
}

export interface TaskStoreContext {
  readonly board: DocumentHandle
  readonly directory: DocumentHandle
  readonly labels: CollectionStore<typeof labelCollection>
  readonly files: WorkspaceFiles
  readonly person: string
  readonly now: () => number
  readonly randomBytes: RandomBytes
  readonly random: () => number
}

export function createTaskStore(context: TaskStoreContext): TaskStore {
  const { board } = context
  const stored = createCollectionStore(board, taskCollection)
  const has = (id: string) => stored.byId[id]?.deleted_at === null
  const ids = createMemo(() => stored.ids().filter(has), [], { equals: sameSequence })
  const store = { ...stored, ids, has }
  const changesByOthers = createChangeCounter(board)
  const commands = makeTaskCommands({ ...context, tasks: store, changesByOthers })
  return {
    ...store,
    board: board.id,
    commands,
    attachments: createAttachmentStore({ ...context, commands }),
    description: (id) => createTaskDescription(board, id),
    onAssigned: (hadBoard, tell) => followAssignments({ board, person: context.person, hadBoard, tell }),
  }
}

/** Counts, per task, the changes that came from somewhere else. */
function createChangeCounter(board: DocumentHandle): (id: string) => number {
  const counts = new Map<string, number>()
  const follow = (doc: DocumentHandle['doc']) => {
    const entities = entitiesOf(doc, taskCollection)
    const observer: Parameters<typeof entities.observeDeep>[0] = (events, transaction) => {
      if (transaction.local) return
      for (const event of events) {
        const touched = event.path.length > 0 ? [String(event.path[0])] : [...event.changes.keys.keys()]
        for (const id of touched) counts.set(id, (counts.get(id) ?? 0) + 1)
      }
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
  return (id) => counts.get(id) ?? 0
}
