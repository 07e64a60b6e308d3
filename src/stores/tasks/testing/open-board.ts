/** A board in memory with its store, and Marta, whose copy meets this one when told to. To be opened under a root. */
import { createRoot } from 'solid-js'
import * as Y from 'yjs'
import { labels } from '../../../domain/collections/labels.ts'
import { type TaskStatus, tasks } from '../../../domain/collections/tasks.ts'
import { entityMap, writeFields } from '../../../sync/collection-map.ts'
import { makeMemoryEngine } from '../../../sync/testing/memory-engine.ts'
import { createCollectionStore } from '../../collection-store.ts'
import { makeMemoryWorkspaceFiles } from '../../attachments/testing/memory-files.ts'
import { createTaskStore } from '../task-store.ts'

const workspace = 'ws/0b9c8f6e-3d52-4a1f-9d55-0d5a6b1c2e3f'

export function openBoard() {
  const engine = makeMemoryEngine()
  const board = engine.open(`${workspace}/board/main`)
  const directory = engine.open(`${workspace}/directory`)
  let tick = Date.parse('2026-11-20T14:32:00Z')
  const labelStore = createCollectionStore(directory, labels)
  const files = makeMemoryWorkspaceFiles()
  const store = createTaskStore({
    files,
    board,
    directory,
    labels: labelStore,
    person: 'lia',
    now: () => tick++,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    random: Math.random,
  })
  const add = (title: string, status: TaskStatus = 'backlog') =>
    store.commands.add({ title, status, labels: [], assignee: null, priority: null, due: null })
  return { engine, board, store, labelStore, add, marta: makePeer(board.doc) }
}

/** Another person's copy of the document; `sync` brings both to the same state. */
function makePeer(mine: Y.Doc) {
  const theirs = new Y.Doc()
  const sync = () => {
    Y.applyUpdate(theirs, Y.encodeStateAsUpdate(mine), 'log')
    Y.applyUpdate(mine, Y.encodeStateAsUpdate(theirs), 'log')
  }
  const edit = (id: string, patch: Parameters<typeof writeFields<typeof tasks>>[2]) => {
    sync()
    const map = entityMap(theirs, tasks, id)
    if (!map) throw new Error(`Marta has no task ${id}`)
    writeFields(tasks, map, patch)
    sync()
  }
  return { doc: theirs, sync, edit }
}

export const inRoot = <T>(body: () => T): T =>
  createRoot((dispose) => {
    const result = body()
    dispose()
    return result
  })
