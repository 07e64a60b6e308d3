/**
 * The connection log in a database of its own: a ring, cut back to its newest lines whenever it has grown by a fifth.
 * Keys only count up, so that several tabs can write into it, and cut it, at any time. [L1]
 */
import type { ConnectionLogLine } from '../connection-log-line.ts'
import { LOG_LINES } from '../connection-log.ts'
import type { LogBook } from '../ports.ts'
import { makeIndex } from './indexeddb-index.ts'
import type { IndexedDb } from './indexeddb-storage.ts'

const LINES = 'lines'
const MOST = LOG_LINES * 1.2

export function makeIndexedDbLogBook(idb: IndexedDb, personId: string, workspaceId: string): LogBook {
  const name = `tideline/${personId}/log/${workspaceId}`
  const transact = makeIndex(idb.indexedDB, name, LINES, { autoIncrement: true })

  const cut = async () => {
    const keys = await transact('readonly', (lines) => {
      const request = lines.getAllKeys()
      return () => request.result
    })
    const last = keys.at(-LOG_LINES - 1)
    if (last === undefined) return
    await transact('readwrite', (lines) => {
      lines.delete(idb.IDBKeyRange.upperBound(last))
      return () => {}
    })
  }

  return {
    read: () =>
      transact('readonly', (lines) => {
        const request = lines.getAll() as IDBRequest<unknown[]>
        return () => request.result.filter(isLine).slice(-LOG_LINES)
      }),
    async append(more) {
      const count = await transact('readwrite', (lines) => {
        for (const line of more) lines.add(line)
        const request = lines.count()
        return () => request.result
      })
      if (count > MOST) await cut()
    },
  }
}

/** What another version of the app wrote may be anything. */
function isLine(value: unknown): value is ConnectionLogLine {
  if (typeof value !== 'object' || value === null) return false
  const { at, code } = value as Record<string, unknown>
  return typeof at === 'number' && typeof code === 'string'
}
