import { IDBFactory, IDBKeyRange, IDBTransaction } from 'fake-indexeddb'
import { describe, expect, test, vi } from 'vitest'
import { IndexeddbPersistence } from 'y-indexeddb'
import * as Y from 'yjs'
import { makeMemoryStorage } from '../testing/memory-storage.ts'
import { databaseName, makeIndexedDbStorage } from './indexeddb-storage.ts'
import { describeStorageContract } from './storage-contract.ts'

const board = 'ws/0b9c8f6e-3d52-4a1f-9d55-0d5a6b1c2e3f/board/main'

describe('memory', () => {
  describeStorageContract(makeMemoryStorage)
})
describe('IndexedDB', () => {
  describeStorageContract(() => makeIndexedDbStorage({ indexedDB: new IDBFactory(), IDBKeyRange }, 'ana'))
})

describe('IndexedDB', () => {
  test('[D1] y-indexeddb opens what we wrote, and we read what it wrote', async () => {
    vi.stubGlobal('indexedDB', new IDBFactory())
    vi.stubGlobal('IDBKeyRange', IDBKeyRange)
    try {
      const doc = new Y.Doc()
      doc.getText('t').insert(0, 'ours')
      const stored = await makeIndexedDbStorage({ indexedDB, IDBKeyRange }, 'ana').open(board)
      await stored.write({ updates: [Y.encodeStateAsUpdate(doc)], pending: [], settled: [], setAside: [] })
      stored.close()

      const theirs = new Y.Doc()
      const persistence = new IndexeddbPersistence(databaseName('ana', board), theirs)
      await persistence.whenSynced
      expect(theirs.getText('t').toJSON()).toBe('ours')
      theirs.getText('t').insert(4, ' and theirs')
      await persistence.destroy()

      const again = await makeIndexedDbStorage({ indexedDB, IDBKeyRange }, 'ana').open(board)
      const read = new Y.Doc()
      for (const update of (await again.read()).updates) Y.applyUpdate(read, update)
      expect(read.getText('t').toJSON()).toBe('ours and theirs')
      again.close()
    } finally {
      vi.unstubAllGlobals()
    }
  })

  test('[D3] an edit is committed in the task that writes it, since a page that closes hears of nothing more', async () => {
    const stored = await makeIndexedDbStorage({ indexedDB: new IDBFactory(), IDBKeyRange }, 'ana').open(board)
    const commit = vi.spyOn(IDBTransaction.prototype, 'commit')
    const writing = stored.write({ updates: [Uint8Array.of(1)], pending: [], settled: [], setAside: [] })
    expect(commit).toHaveBeenCalledTimes(1)
    await writing
    commit.mockRestore()
    stored.close()
  })

  test('[D6] two people on one device never see each other', async () => {
    const indexedDB = new IDBFactory()
    const ana = await makeIndexedDbStorage({ indexedDB, IDBKeyRange }, 'ana').open(board)
    await ana.write({ updates: [Uint8Array.of(1)], pending: [], settled: [], setAside: [] })
    const bruno = await makeIndexedDbStorage({ indexedDB, IDBKeyRange }, 'bruno').open(board)
    expect((await bruno.read()).updates).toEqual([])
    ana.close()
    bruno.close()
  })

  test('a database that another tab deletes is let go', async () => {
    const indexedDB = new IDBFactory()
    const stored = await makeIndexedDbStorage({ indexedDB, IDBKeyRange }, 'ana').open(board)
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase(databaseName('ana', board))
      request.addEventListener('success', () => resolve())
      request.addEventListener('error', () => reject(request.error ?? new Error('not deleted')))
    })
    await expect(stored.read()).rejects.toMatchObject({ reason: 'unavailable' })
  })

  test('storage that is forbidden refuses with words', async () => {
    const indexedDB = new IDBFactory()
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    })
    await expect(makeIndexedDbStorage({ indexedDB, IDBKeyRange }, 'ana').open(board)).rejects.toThrow(
      /SecurityError/,
    )
  })
})
