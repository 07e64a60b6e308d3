/**
 * A small database beside the documents', which says something of many of them, so that nobody has to open them all
 * to know. It has one object store, and every transaction opens the database again when it was closed under our hands.
 */
import { storageError } from './indexeddb-error.ts'

/** What writes after it has read commits by itself. */
type Mode = 'readonly' | 'readwrite' | 'read, then write'

/** Resolves with what `work` noted, once the transaction is complete. */
export type Transact = <T>(mode: Mode, work: (entries: IDBObjectStore) => () => T) => Promise<T>

export function makeIndex(
  indexedDB: IDBFactory,
  name: string,
  store: string,
  keys: IDBObjectStoreParameters = {},
): Transact {
  let opening: Promise<IDBDatabase> | null = null

  const open = () => {
    opening ??= openIndex(
      indexedDB,
      name,
      (database) => void database.createObjectStore(store, keys),
      () => {
        opening = null
      },
    )
    return opening
  }

  return async <T>(mode: Mode, work: (entries: IDBObjectStore) => () => T) => {
    const database = await open()
    return new Promise<T>((resolve, reject) => {
      const fail = (error: unknown) => {
        // iOS closes connections under our hands: the next call opens another.
        opening = null
        database.close()
        reject(storageError(error, name))
      }
      try {
        const transaction = database.transaction(store, mode === 'readonly' ? mode : 'readwrite')
        const result = work(transaction.objectStore(store))
        if (mode === 'readwrite') transaction.commit()
        transaction.addEventListener('complete', () => resolve(result()))
        transaction.addEventListener('abort', () =>
          fail(transaction.error ?? new Error('the transaction was aborted')),
        )
      } catch (error) {
        fail(error)
      }
    })
  }
}

function openIndex(
  indexedDB: IDBFactory,
  name: string,
  create: (database: IDBDatabase) => void,
  onEnd: () => void,
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      onEnd()
      reject(storageError(error, name))
    }
    // `open` itself throws where storage is forbidden, as in some private windows.
    try {
      const request = indexedDB.open(name)
      request.addEventListener('upgradeneeded', () => create(request.result))
      request.addEventListener('success', () => {
        const database = request.result
        // Another tab wants to delete it: standing in its way would block both.
        database.addEventListener('versionchange', () => {
          database.close()
          onEnd()
        })
        database.addEventListener('close', onEnd)
        resolve(database)
      })
      request.addEventListener('error', () => fail(request.error))
      request.addEventListener('blocked', () => fail(new Error('blocked by another tab')))
    } catch (error) {
      fail(error)
    }
  })
}
