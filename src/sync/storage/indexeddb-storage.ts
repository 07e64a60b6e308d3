/**
 * Documents in IndexedDB, one database each, in the layout of y-indexeddb: `updates` with keys that count up, and
 * `custom` for everything that speaks of them. Every transaction is committed explicitly: one that a frozen page
 * holds open would block its siblings.
 */
import {
  STORAGE_FORMAT,
  type DocumentStorage,
  type PendingRecord,
  type SetAside,
  type StorageBatch,
  type StoredContent,
  type StoredDocument,
  type SyncRecord,
} from '../ports.ts'
import { storageError } from './indexeddb-error.ts'
import { makePlaces } from './indexeddb-places.ts'
import { makeUnsentIndex } from './indexeddb-unsent.ts'
import { mergeRecords } from './merge-records.ts'

const UPDATES = 'updates'
const CUSTOM = 'custom'
const SYNC = 'sync'
const PENDING = 'pending/'
const ASIDE = 'aside/'
const GENERATION = 'generation'
const FORMAT = 'format'

// A pending change is stored under its revision: what is settled is removed without looking what is there, so that no
// edit waits for a read, and a later revision that is there meanwhile stays. [D9]
const pendingKey = (id: string, rev: number) => `${PENDING}${id}/${String(rev).padStart(9, '0')}`

export interface IndexedDb {
  readonly indexedDB: IDBFactory
  readonly IDBKeyRange: typeof IDBKeyRange
}

/** Two people on one device never meet: the person is part of every database's name. */
export function databaseName(personId: string, documentId: string): string {
  return `tideline/${personId}/${documentId}`
}

export function makeIndexedDbStorage(idb: IndexedDb, personId: string): DocumentStorage {
  return {
    ...makeUnsentIndex(idb.indexedDB, databaseName(personId, 'unsent')),
    ...makePlaces(idb.indexedDB, databaseName(personId, 'kept')),
    async open(documentId) {
      const name = databaseName(personId, documentId)
      return makeStoredDocument(await openDatabase(idb.indexedDB, name), idb, name)
    },
  }
}

function openDatabase(indexedDB: IDBFactory, name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    // `open` itself throws where storage is forbidden, as in some private windows.
    const fail = (error: unknown) => reject(storageError(error, name))
    try {
      const request = indexedDB.open(name)
      request.addEventListener('upgradeneeded', () => {
        request.result.createObjectStore(UPDATES, { autoIncrement: true })
        request.result.createObjectStore(CUSTOM)
      })
      request.addEventListener('success', () => resolve(request.result))
      request.addEventListener('error', () => fail(request.error))
      request.addEventListener('blocked', () => fail(new Error('blocked by another tab')))
    } catch (error) {
      fail(error)
    }
  })
}

function makeStoredDocument(database: IDBDatabase, { IDBKeyRange }: IndexedDb, name: string): StoredDocument {
  let lastSeen = 0
  // Another tab wants to delete or upgrade: standing in its way would block both.
  database.addEventListener('versionchange', () => database.close())

  /** Runs `work` in one transaction; resolves with what it noted once the transaction is complete. */
  const transact = <T>(
    mode: IDBTransactionMode,
    work: (updates: IDBObjectStore, custom: IDBObjectStore) => () => T,
  ) =>
    new Promise<T>((resolve, reject) => {
      const fail = (error: unknown) => reject(storageError(error, name))
      try {
        const transaction = database.transaction([UPDATES, CUSTOM], mode)
        const result = work(transaction.objectStore(UPDATES), transaction.objectStore(CUSTOM))
        transaction.addEventListener('complete', () => resolve(result()))
        transaction.addEventListener('abort', () =>
          fail(transaction.error ?? new Error('the transaction was aborted')),
        )
      } catch (error) {
        fail(error)
      }
    })

  const forget = (custom: IDBObjectStore, id: string, rev: number) =>
    custom.delete(IDBKeyRange.bound(PENDING + id, pendingKey(id, rev)))

  const put = (updates: IDBObjectStore, custom: IDBObjectStore, batch: StorageBatch) => {
    for (const update of batch.updates) updates.add(update)
    for (const record of batch.pending) {
      if (record.rev > 0) forget(custom, record.id, record.rev - 1)
      custom.put(record, pendingKey(record.id, record.rev))
    }
    for (const { id, rev } of batch.settled) forget(custom, id, rev)
    for (const aside of batch.setAside) custom.put(aside, ASIDE + aside.seq)
    if (batch.sync) custom.put(STORAGE_FORMAT, FORMAT)
  }

  return {
    read: () =>
      transact<StoredContent>('readonly', (updates, custom) => {
        const bytes = updates.getAll() as IDBRequest<Uint8Array[]>
        const places = updates.getAllKeys()
        const values = custom.getAll() as IDBRequest<unknown[]>
        const keys = custom.getAllKeys()
        return () => {
          lastSeen = Number(places.result.at(-1) ?? lastSeen)
          const noted = new Map(keys.result.map((key, index) => [String(key), values.result[index]]))
          const under = (prefix: string) =>
            [...noted].flatMap(([key, value]) => (key.startsWith(prefix) ? [value] : []))
          return {
            updates: bytes.result,
            sync: (noted.get(SYNC) as SyncRecord | undefined) ?? null,
            pending: newestOf(under(PENDING) as PendingRecord[]),
            setAside: under(ASIDE) as SetAside[],
            generation: Number(noted.get(GENERATION) ?? 0),
            format: Number(noted.get(FORMAT) ?? STORAGE_FORMAT),
          }
        }
      }),

    write: (batch) =>
      transact('readwrite', (updates, custom) => {
        const { sync } = batch
        if (!sync) {
          put(updates, custom, batch)
          updates.transaction.commit()
        } else {
          const held = custom.get(SYNC) as IDBRequest<SyncRecord | undefined>
          put(updates, custom, batch)
          held.addEventListener('success', () => {
            custom.put(mergeRecords(held.result ?? null, sync), SYNC)
            updates.transaction.commit()
          })
        }
        return () => {}
      }),

    compact: (encode) =>
      transact('readwrite', (updates) => {
        const unseen = updates.getAll(IDBKeyRange.lowerBound(lastSeen, true)) as IDBRequest<Uint8Array[]>
        let added: IDBRequest<IDBValidKey> | null = null
        unseen.addEventListener('success', () => {
          const request = updates.add(encode(unseen.result))
          added = request
          request.addEventListener('success', () => {
            updates.delete(IDBKeyRange.upperBound(request.result, true))
            updates.transaction.commit()
          })
        })
        return () => {
          lastSeen = Number(added?.result ?? lastSeen)
        }
      }),

    advance: (next) =>
      transact('readwrite', (updates, custom) => {
        const held = custom.get(SYNC) as IDBRequest<SyncRecord | undefined>
        let count: IDBRequest<number> | null = null
        held.addEventListener('success', () => {
          const batch = next(held.result ?? null)
          if (batch) put(updates, custom, batch)
          if (batch?.sync) custom.put(batch.sync, SYNC)
          count = updates.count()
          updates.transaction.commit()
        })
        return () => count?.result ?? 0
      }),

    replace: (batch, generation) =>
      transact('readwrite', (updates, custom) => {
        updates.clear()
        custom.clear()
        put(updates, custom, batch)
        if (batch.sync) custom.put(batch.sync, SYNC)
        custom.put(generation, GENERATION)
        updates.transaction.commit()
        return () => {}
      }),

    close: () => database.close(),
  }
}

/** Two tabs may have written revisions of one change. */
function newestOf(records: readonly PendingRecord[]): readonly PendingRecord[] {
  const newest = new Map<string, PendingRecord>()
  for (const record of records) {
    const { rev } = newest.get(record.id) ?? { rev: -1 }
    if (record.rev >= rev) newest.set(record.id, record)
  }
  return [...newest.values()]
}
