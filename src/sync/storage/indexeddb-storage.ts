/**
 * Documents in IndexedDB, one database each, in the layout of y-indexeddb: `updates` with keys that count up, and
 * `custom` for everything that speaks of them. Every transaction is committed explicitly: one that a frozen page
 * holds open would block its siblings.
 */
import {
  STORAGE_FORMAT,
  type DocumentStorage,
  type PendingRecord,
  type StorageBatch,
  type StoredContent,
  type StoredDocument,
} from '../ports.ts'
import { storageError } from './indexeddb-error.ts'
import { makePlaces } from './indexeddb-places.ts'
import { makeUnsentIndex } from './indexeddb-unsent.ts'
import { mergeRecords } from './merge-records.ts'
import { readBytes, readPending, readRecord, readSetAside, readTold } from './stored-shapes.ts'

const UPDATES = 'updates'
const CUSTOM = 'custom'
const SYNC = 'sync'
const PENDING = 'pending/'
const ASIDE = 'aside/'
const TOLD = 'told/'
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

async function openDatabase(indexedDB: IDBFactory, name: string): Promise<IDBDatabase> {
  const database = await openAsItIs(indexedDB, name)
  if ([UPDATES, CUSTOM].every((store) => database.objectStoreNames.contains(store))) return database
  // Made by nobody of ours, or half: there is no document in it. [D12]
  database.close()
  const deleted = indexedDB.deleteDatabase(name)
  await new Promise((resolve) => {
    for (const end of ['success', 'error', 'blocked']) deleted.addEventListener(end, resolve)
  })
  return openAsItIs(indexedDB, name)
}

function openAsItIs(indexedDB: IDBFactory, name: string): Promise<IDBDatabase> {
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
  let tellLost = () => {}
  // Another tab wants to delete or upgrade: standing in its way would block both.
  database.addEventListener('versionchange', () => {
    database.close()
    tellLost()
  })
  // The browser itself: the data was cleared, or a phone took the connection away. [D10]
  database.addEventListener('close', () => tellLost())

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
    for (const record of batch.told ?? []) custom.put(record, TOLD + record.id)
    for (const id of batch.untold ?? []) custom.delete(TOLD + id)
    if (batch.sync) custom.put(STORAGE_FORMAT, FORMAT)
  }

  return {
    read: () =>
      transact<StoredContent>('readonly', (updates, custom) => {
        const bytes = updates.getAll() as IDBRequest<unknown[]>
        const last = updates.openKeyCursor(null, 'prev')
        const values = custom.getAll() as IDBRequest<unknown[]>
        const keys = custom.getAllKeys()
        return () => {
          lastSeen = Number(last.result?.key ?? lastSeen)
          const noted = new Map(keys.result.map((key, index) => [String(key), values.result[index]]))
          const under = <T>(prefix: string, read: (key: string, value: unknown) => readonly T[]) =>
            [...noted].flatMap(([key, value]) =>
              key.startsWith(prefix) ? read(key.slice(prefix.length), value) : [],
            )
          const told = under(TOLD, readTold)
          return {
            updates: bytes.result.map(readBytes),
            sync: readRecord(noted.get(SYNC)),
            pending: newestOf(under(PENDING, readPending)),
            setAside: under(ASIDE, readSetAside),
            ...(told.length > 0 ? { told } : {}),
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
          const held = custom.get(SYNC) as IDBRequest<unknown>
          put(updates, custom, batch)
          held.addEventListener('success', () => {
            custom.put(mergeRecords(readRecord(held.result), sync), SYNC)
            updates.transaction.commit()
          })
        }
        return () => {}
      }),

    compact: (encode) =>
      transact('readwrite', (updates) => {
        const unseen = updates.getAll(IDBKeyRange.lowerBound(lastSeen, true)) as IDBRequest<unknown[]>
        let added: IDBRequest<IDBValidKey> | null = null
        unseen.addEventListener('success', () => {
          const whole = encode(unseen.result.map(readBytes))
          if (whole === null) return updates.transaction.commit()
          const request = updates.add(whole)
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
        const held = custom.get(SYNC) as IDBRequest<unknown>
        let count: IDBRequest<number> | null = null
        held.addEventListener('success', () => {
          const batch = next(readRecord(held.result))
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

    onLost(listener) {
      tellLost = listener
    },

    close() {
      tellLost = () => {}
      database.close()
    },
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
