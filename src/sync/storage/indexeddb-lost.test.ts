/** A database that is taken away, spoiled or refused, as browsers do it. */
import { forceCloseDatabase, IDBFactory, IDBKeyRange, IDBObjectStore } from 'fake-indexeddb'
import { describe, expect, test, vi } from 'vitest'
import type { StorageBatch } from '../ports.ts'
import { databaseName, makeIndexedDbStorage } from './indexeddb-storage.ts'

const id = 'ws/0b9c8f6e-3d52-4a1f-9d55-0d5a6b1c2e3f/board/main'
const name = databaseName('ana', id)
const batch = (part: Partial<StorageBatch> = {}): StorageBatch => ({
  updates: [Uint8Array.of(1)],
  pending: [],
  settled: [],
  setAside: [],
  ...part,
})
const ended = (request: IDBRequest) =>
  new Promise<void>((resolve, reject) => {
    request.addEventListener('success', () => resolve())
    request.addEventListener('error', () => reject(request.error ?? new Error('the request failed')))
  })

async function opened() {
  const indexedDB = new IDBFactory()
  let connection: IDBDatabase | null = null
  const open = indexedDB.open.bind(indexedDB)
  vi.spyOn(indexedDB, 'open').mockImplementation((...of) => {
    const request = open(...of)
    request.addEventListener('success', () => (connection = request.result))
    return request
  })
  const storage = makeIndexedDbStorage({ indexedDB, IDBKeyRange }, 'ana')
  const stored = await storage.open(id)
  const lost = vi.fn<() => void>()
  stored.onLost(lost)
  return { indexedDB, storage, stored, lost, connection: connection as IDBDatabase | null }
}

/** Writes into our database past us. */
async function spoil(indexedDB: IDBFactory, store: string, key: string | undefined, value: unknown) {
  const request = indexedDB.open(name)
  await ended(request)
  await ended(request.result.transaction(store, 'readwrite').objectStore(store).put(value, key))
  request.result.close()
}

describe('[D10] a database taken away is told at once', () => {
  test('deleted by another tab or by the developer tools, which need not wait for us', async () => {
    const { indexedDB, stored, lost } = await opened()
    await ended(indexedDB.deleteDatabase(name))
    expect(lost).toHaveBeenCalledTimes(1)
    await expect(stored.write(batch())).rejects.toMatchObject({ reason: 'unavailable' })
  })

  test('closed by the browser', async () => {
    const { connection, stored, lost } = await opened()
    if (connection) forceCloseDatabase(connection as never) // the types of fake-indexeddb know its own class only
    await vi.waitFor(() => expect(lost).toHaveBeenCalledTimes(1))
    await expect(stored.read()).rejects.toMatchObject({ reason: 'unavailable' })
  })

  test('and not when we closed it ourselves', async () => {
    const { indexedDB, stored, lost } = await opened()
    stored.close()
    await ended(indexedDB.deleteDatabase(name))
    expect(lost).not.toHaveBeenCalled()
  })
})

describe('[D11] a device that is full', () => {
  test('says that it is full, and what was there before is still there', async () => {
    const { stored } = await opened()
    await stored.write(batch())
    const add = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore) {
      this.transaction.abort()
      throw new DOMException('Quota exceeded.', 'QuotaExceededError')
    })
    await expect(stored.write(batch())).rejects.toMatchObject({ reason: 'full' })
    add.mockRestore()
    expect((await stored.read()).updates).toHaveLength(1)
  })
})

describe('[D12] a database of another shape', () => {
  test.each([
    ['updates', undefined, 'words', { updates: [new Uint8Array()] }],
    ['updates', undefined, { some: 'thing' }, { updates: [new Uint8Array()] }],
    ['custom', 'sync', { cursor: 'far' }, { sync: null }],
    ['custom', 'pending/a/000000003', 7, { pending: [{ id: 'a', deletes: true, rev: 3 }] }],
    ['custom', 'aside/4', 'x', { setAside: [] }],
  ] as const)('in %s under %s: %o', async (store, key, value, read) => {
    const { indexedDB, storage, stored } = await opened()
    stored.close()
    await spoil(indexedDB, store, key, value)
    const again = await storage.open(id)
    expect(await again.read()).toMatchObject(read)
    const sync = {
      epoch: 'e',
      cursor: { seq: 1, op_id: 'o' },
      anchor: { seq: 1, op_id: 'o' },
      acknowledged: new Map(),
    }
    await again.write(batch({ sync }))
    expect((await again.read()).sync).toEqual(sync)
    again.close()
  })

  test('without our object stores it is made anew', async () => {
    const indexedDB = new IDBFactory()
    const request = indexedDB.open(name)
    request.addEventListener('upgradeneeded', () => void request.result.createObjectStore('somebody’s'))
    await ended(request)
    request.result.close()
    const stored = await makeIndexedDbStorage({ indexedDB, IDBKeyRange }, 'ana').open(id)
    await stored.write(batch())
    expect((await stored.read()).updates).toHaveLength(1)
    stored.close()
  })
})
