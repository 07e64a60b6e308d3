/** A workspace in memory with a board, and another person's device that is in touch with it. */
import * as Y from 'yjs'
import { labels } from '../../../domain/collections/labels.ts'
import { members } from '../../../domain/collections/members.ts'
import { type TaskStatus, tasks } from '../../../domain/collections/tasks.ts'
import { newId } from '../../../domain/ids.ts'
import { placeAt } from '../../../domain/tasks/place.ts'
import { createEntity, entityMap, richTextOf, writeFields } from '../../../sync/collection-map.ts'
import { makeMemoryEngine } from '../../../sync/testing/memory-engine.ts'
import { makeMemoryWorkspaceFiles } from '../../attachments/testing/memory-files.ts'
import { createCollectionStore } from '../../collection-store.ts'
import { createWorkspacePresence } from '../../presence.ts'
import { createSyncSignals } from '../../sync-signals.ts'
import type { OpenWorkspace } from '../../workspace-context.ts'

const workspaceId = '0b9c8f6e-3d52-4a1f-9d55-0d5a6b1c2e3f'
export const lia = 'lia'
export const marta = 'marta'

export interface TaskSeed {
  readonly title: string
  readonly status?: TaskStatus
  readonly assignee?: string
  readonly description?: string
  readonly due?: string
}

export function makeBoardWorkspace(seeds: readonly TaskSeed[], role: OpenWorkspace['workspace']['role']) {
  const engine = makeMemoryEngine()
  const files = makeMemoryWorkspaceFiles()
  const directory = engine.open(`ws/${workspaceId}/directory`)
  const board = engine.open(`ws/${workspaceId}/board/main`)
  createEntity(directory.doc, members, lia, { display_name: 'Lia Monteiro', role: 'owner' })
  createEntity(directory.doc, members, marta, { display_name: 'Marta Oliveira', role: 'agent' })
  createEntity(directory.doc, labels, 'l-freezer', { name: 'freezer', pigment: 'deep' })
  const ids = writeSeeds(board.doc, seeds)
  engine.connection.set({ kind: 'live', since: 0 })
  /** To be called under a reactive owner. */
  const open = (): OpenWorkspace => {
    const signals = createSyncSignals(engine)
    return {
      person: { id: lia, name: 'Lia Monteiro', email: 'lia@nortefrio.example' },
      workspace: { id: workspaceId, name: 'Norte Frio', slug: 'norte', role },
      connection: signals.connection,
      sync: signals.state,
      log: () => [],
      pendingOf: signals.pendingOf,
      members: createCollectionStore(directory, members),
      labels: createCollectionStore(directory, labels),
      openDocument: (id) => engine.open(id),
      directory,
      files,
      presence: createWorkspacePresence(engine.presence, lia),
      syncNow: engine.syncNow,
      retry: () => {},
      discard: async () => {},
    }
  }
  return { engine, files, open, ids, marta: makePeer(board.doc) }
}

function writeSeeds(doc: Y.Doc, seeds: readonly TaskSeed[]): Readonly<Record<string, string>> {
  const ids: Record<string, string> = {}
  const columns = new Map<TaskStatus, { id: string; order: string }[]>()
  for (const [index, seed] of seeds.entries()) {
    const id = newId(1_700_000_000_000 + index, (count) => crypto.getRandomValues(new Uint8Array(count)))
    ids[seed.title] = id
    const status = seed.status ?? 'backlog'
    const column = columns.get(status) ?? []
    const placed = placeAt(column, column.length, [id], Math.random)
    columns.set(status, [...column, ...placed])
    const map = createEntity(doc, tasks, id, {
      title: seed.title,
      status,
      assignee: seed.assignee ?? null,
      due: seed.due ?? null,
      order: placed.at(-1)?.order ?? '',
    })
    if (seed.description !== undefined)
      richTextOf<typeof tasks>(map, 'description')?.insert(0, seed.description)
  }
  return ids
}

/** Another person's device, in touch with this one. */
function makePeer(mine: Y.Doc) {
  const theirs = new Y.Doc()
  Y.applyUpdate(theirs, Y.encodeStateAsUpdate(mine), 'log')
  theirs.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== 'log') Y.applyUpdate(mine, update, 'log')
  })
  mine.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== 'log') Y.applyUpdate(theirs, update, 'log')
  })
  const map = (id: string) => {
    const found = entityMap(theirs, tasks, id)
    if (!found) throw new Error(`Marta has no task ${id}`)
    return found
  }
  return {
    edit: (id: string, patch: Parameters<typeof writeFields<typeof tasks>>[2]) =>
      theirs.transact(() => writeFields(tasks, map(id), patch)),
    type: (id: string, index: number, text: string) =>
      richTextOf<typeof tasks>(map(id), 'description')?.insert(index, text),
    descriptionOf: (id: string) => richTextOf<typeof tasks>(map(id), 'description')?.toString(),
    valueOf: (id: string, field: string) => map(id).get(field),
  }
}
