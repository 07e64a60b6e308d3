/** What a page keeps its documents with: ours, y-indexeddb, and no library at all. */
import { IndexeddbPersistence } from 'y-indexeddb'
import * as Y from 'yjs'
import { makeBrowserPorts } from '../../src/sync/browser/browser-ports.ts'
import { makeSyncEngine } from '../../src/sync/engine.ts'
import * as leadingPart from '../../src/sync/leading-part.ts'
import { LogServerError } from '../../src/sync/ports.ts'
import type { SyncEngine } from '../../src/sync/sync-engine.ts'
import { makeIndexedDbStorage } from '../../src/sync/storage/indexeddb-storage.ts'

const PERSON = 'measured'
// An engine sees to everything unsent of its workspace, also of an earlier round.
const workspaceOf = (place: number) => `0b9c8f6e-3d52-4a1f-9d55-${String(place).padStart(12, '0')}`

export interface OpenDocument {
  readonly doc: Y.Doc
  /** Resolves when the local copy is in the document. */
  readonly loaded: Promise<unknown>
  edit(row: string, work: (doc: Y.Doc) => void): void
  /** Resolves when everything edited so far is on the disk. */
  stored(): Promise<void>
  /** How many rows the person was told to be "on this device", at each change; only where it is ever told. */
  readonly watchSafe?: (listener: (rows: number) => void) => void
}

export interface Keeper {
  open(name: string, workspace?: number): OpenDocument
  /** Writes these as they are, one record each, as if they had been stored that way. */
  put(name: string, updates: readonly Uint8Array[]): Promise<void>
}

const documentOf = (name: string, place = 0) => `ws/${workspaceOf(place)}/board/${name}`

/** Never reached: what is measured here ends on the device. */
const away = () => Promise.reject(new LogServerError('unreachable', 'there is no server here'))

function startEngine(place: number): SyncEngine {
  return makeSyncEngine(
    {
      ...makeBrowserPorts(PERSON, workspaceOf(place)),
      server: { push: away, pull: away },
      live: { join: () => () => {} },
      session: { renew: async () => 'unreachable', subscribe: () => () => {} },
      log() {},
    },
    { workspaceId: workspaceOf(place), loadLeading: () => leadingPart },
  )
}

function makeTideline(): Keeper {
  let engine: SyncEngine | null = null
  return {
    open(name, place = 0) {
      engine ??= startEngine(place)
      const { state } = engine
      const handle = engine.open(documentOf(name, place))
      const safe = () => state.get().pending.filter((change) => change.state !== 'memory').length
      return {
        get doc() {
          return handle.doc
        },
        loaded: handle.loaded,
        edit: (row, work) => handle.change({ collection: 'tasks', entity: row, fields: [] }, work),
        stored: () =>
          new Promise((resolve) => {
            const look = () => {
              if (state.get().pending.length === 0 || safe() < state.get().pending.length) return
              stop()
              resolve()
            }
            const stop = state.subscribe(look)
            look()
          }),
        watchSafe: (listener) => void state.subscribe(() => listener(safe())),
      }
    },
    async put(name, updates) {
      const stored = await makeIndexedDbStorage({ indexedDB, IDBKeyRange }, PERSON).open(documentOf(name))
      await stored.write({ updates, pending: [], settled: [], setAside: [] })
      stored.close()
    },
  }
}

const yIndexedDb: Keeper = {
  open(name) {
    const doc = new Y.Doc()
    const provider = new IndexeddbPersistence(name, doc)
    return {
      doc,
      loaded: provider.whenSynced,
      edit: (_row, work) => doc.transact(() => work(doc)),
      async stored() {
        await provider.whenSynced
        const database = provider.db
        if (!database) throw new Error('y-indexeddb has no database.')
        await done(database.transaction(['updates'], 'readwrite'))
      },
    }
  },
  async put(name, updates) {
    const provider = new IndexeddbPersistence(name, new Y.Doc())
    await provider.whenSynced
    await addAll(provider.db, updates)
    await provider.destroy()
  },
}

/** The floor: a database a document, its records applied in one transaction. */
const bare: Keeper = {
  open(name) {
    const doc = new Y.Doc()
    const load = async () => {
      const database = await openDatabase(name)
      const records = database.transaction('updates').objectStore('updates').getAll() as IDBRequest<
        Uint8Array[]
      >
      await done(records.transaction)
      doc.transact(() => {
        for (const update of records.result) Y.applyUpdate(doc, update)
      })
      database.close()
    }
    return {
      doc,
      loaded: load(),
      edit: (_row, work) => doc.transact(() => work(doc)),
      stored: () => Promise.resolve(),
    }
  },
  async put(name, updates) {
    const database = await openDatabase(name)
    await addAll(database, updates)
    database.close()
  },
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(`bare/${name}`)
    request.addEventListener('upgradeneeded', () =>
      request.result.createObjectStore('updates', { autoIncrement: true }),
    )
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(new Error(request.error?.message)))
  })
}

async function addAll(database: IDBDatabase | null, updates: readonly Uint8Array[]): Promise<void> {
  if (!database) throw new Error('There is no database.')
  const transaction = database.transaction('updates', 'readwrite')
  for (const update of updates) transaction.objectStore('updates').add(update)
  await done(transaction)
}

function done(transaction: IDBTransaction | null): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction?.addEventListener('complete', () => resolve())
    transaction?.addEventListener('abort', () => reject(new Error(transaction.error?.message)))
  })
}

export const keepers = { Tideline: makeTideline(), 'y-indexeddb': yIndexedDb, bare }

export type KeeperName = keyof typeof keepers
