/**
 * The files of one person in IndexedDB: `records` with what is known of a file, `bytes` with what it holds, both under
 * its hash. A record and its bytes are written in one transaction, so a file is there whole or not at all. Bytes are
 * stored as an ArrayBuffer and never as a Blob, which Safari loses and in private windows refuses.
 */
import { StorageError } from '../ports.ts'
import { storageError } from '../storage/indexeddb-error.ts'
import { allPlaces, type FileStore, type HeldFile } from './file-ports.ts'

const RECORDS = 'records'
const BYTES = 'bytes'

/** Under the person's own prefix, so that erasing a person's data takes it along. */
export function filesDatabaseName(personId: string): string {
  return `tideline/${personId}/files`
}

export function makeIndexedDbFiles(indexedDB: IDBFactory, personId: string): FileStore {
  const name = filesDatabaseName(personId)
  let opening: Promise<IDBDatabase> | null = null
  let closed = false

  const database = async () => {
    if (closed) throw new StorageError('unavailable', `${name} was closed`)
    opening ??= open(indexedDB, name, () => (opening = null))
    return opening.catch((error: unknown) => {
      opening = null // the next call tries again
      throw error
    })
  }

  /** Runs `work` in one transaction; resolves with what it noted once the transaction is complete. */
  const transact = async <T>(
    mode: IDBTransactionMode,
    work: (records: IDBObjectStore, bytes: IDBObjectStore) => () => T,
  ): Promise<T> => {
    const db = await database().catch((error: unknown) => {
      throw storageError(error, name)
    })
    return new Promise<T>((resolve, reject) => {
      const fail = (error: unknown) => reject(storageError(error, name))
      try {
        const transaction = db.transaction([RECORDS, BYTES], mode)
        const result = work(transaction.objectStore(RECORDS), transaction.objectStore(BYTES))
        transaction.addEventListener('complete', () => resolve(result()))
        transaction.addEventListener('abort', () =>
          fail(transaction.error ?? new Error('the transaction was aborted')),
        )
      } catch (error) {
        // The browser closed the database under our hands, as iOS does; the next call opens it again.
        opening = null
        fail(error)
      }
    })
  }

  return {
    list: () =>
      transact('readonly', (records) => {
        const all = records.getAll() as IDBRequest<HeldFile[]>
        return () => all.result
      }),

    read: (sha256) =>
      transact('readonly', (_, bytes) => {
        const held = bytes.get(sha256) as IDBRequest<ArrayBuffer | undefined>
        return () => (held.result ? new Uint8Array(held.result) : null)
      }),

    put: (file, content) =>
      transact('readwrite', (records, bytes) => {
        const before = records.get(file.sha256) as IDBRequest<HeldFile | undefined>
        const known = bytes.getKey(file.sha256)
        // The later of the two requests: both are answered by then.
        known.addEventListener('success', () => {
          const places = allPlaces(before.result?.places, file.places)
          records.put({ ...file, places }, file.sha256)
          if (known.result === undefined) bytes.add(wholeBuffer(content), file.sha256)
          records.transaction.commit()
        })
        return () => {}
      }),

    change: (sha256, change) =>
      transact('readwrite', (records) => {
        let changed: HeldFile | null = null
        const held = records.get(sha256) as IDBRequest<HeldFile | undefined>
        held.addEventListener('success', () => {
          if (held.result) records.put((changed = change(held.result)), sha256)
          records.transaction.commit()
        })
        return () => changed
      }),

    remove: (files) =>
      transact('readwrite', (records, bytes) => {
        for (const sha256 of files) {
          records.delete(sha256)
          bytes.delete(sha256)
        }
        records.transaction.commit()
        return () => {}
      }),

    close() {
      closed = true
      void opening?.then(
        (db) => db.close(),
        () => {},
      )
    },
  }
}

function wholeBuffer(content: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return content.byteLength === content.buffer.byteLength ? content.buffer : content.slice().buffer
}

function open(indexedDB: IDBFactory, name: string, gone: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    // `open` itself throws where storage is forbidden, as in some private windows.
    const request = indexedDB.open(name)
    request.addEventListener('upgradeneeded', () => {
      request.result.createObjectStore(RECORDS)
      request.result.createObjectStore(BYTES)
    })
    request.addEventListener('success', () => {
      const db = request.result
      const end = () => {
        db.close()
        gone()
      }
      // Another tab erases this person's data: standing in its way would block it.
      db.addEventListener('versionchange', end)
      db.addEventListener('close', gone)
      resolve(db)
    })
    request.addEventListener('error', () => reject(request.error ?? new Error('it could not be opened')))
    request.addEventListener('blocked', () => reject(new Error('blocked by another tab')))
  })
}
