/**
 * Which documents of a person hold unsent edits: one small database beside theirs, so that nobody has to open them
 * all to know. One key for each document and tab: a tab writes and removes its own, and never another's by accident.
 */
import type { DocumentStorage, UnsentMark } from '../ports.ts'
import { storageError } from './indexeddb-error.ts'

const MARKS = 'marks'

const keyOf = ({ doc, tab }: UnsentMark) => `${doc} ${tab}`

export function makeUnsentIndex(
  indexedDB: IDBFactory,
  name: string,
): Pick<DocumentStorage, 'unsent' | 'mark' | 'unmark'> {
  let opening: Promise<IDBDatabase> | null = null

  const open = () => {
    opening ??= openIndex(indexedDB, name, () => {
      opening = null
    })
    return opening
  }

  /** Resolves with what `work` noted, once the transaction is complete. */
  const transact = async <T>(mode: IDBTransactionMode, work: (marks: IDBObjectStore) => () => T) => {
    const database = await open()
    return new Promise<T>((resolve, reject) => {
      const fail = (error: unknown) => {
        // iOS closes connections under our hands: the next call opens another.
        opening = null
        database.close()
        reject(storageError(error, name))
      }
      try {
        const transaction = database.transaction(MARKS, mode)
        const result = work(transaction.objectStore(MARKS))
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

  return {
    unsent: () =>
      transact('readonly', (marks) => {
        const all = marks.getAll() as IDBRequest<UnsentMark[]>
        return () => all.result
      }),
    mark: (mark) =>
      transact('readwrite', (marks) => {
        marks.put(mark, keyOf(mark))
        return () => {}
      }),
    unmark: (gone) =>
      transact('readwrite', (marks) => {
        for (const mark of gone) marks.delete(keyOf(mark))
        return () => {}
      }),
  }
}

function openIndex(indexedDB: IDBFactory, name: string, onEnd: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      onEnd()
      reject(storageError(error, name))
    }
    // `open` itself throws where storage is forbidden, as in some private windows.
    try {
      const request = indexedDB.open(name)
      request.addEventListener('upgradeneeded', () => void request.result.createObjectStore(MARKS))
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
