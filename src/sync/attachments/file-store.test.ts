import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, test } from 'vitest'
import { describeFileStoreContract } from './file-store-contract.ts'
import { filesDatabaseName, makeIndexedDbFiles } from './indexeddb-files.ts'
import { makeMemoryFiles } from './testing/memory-files.ts'

const record = { sha256: 'a', bytes: 1, usedAt: 0, places: {} }

describe('in memory', () => {
  let store = makeMemoryFiles()
  beforeEach(() => void (store = makeMemoryFiles()))
  describeFileStoreContract(() => store)
})

describe('in IndexedDB', () => {
  let idb = new IDBFactory()
  beforeEach(() => void (idb = new IDBFactory()))
  describeFileStoreContract(() => makeIndexedDbFiles(idb, 'ana'))

  test('[F1] two people on one device see nothing of each other', async () => {
    await makeIndexedDbFiles(idb, 'ana').put(record, Uint8Array.of(1))
    expect(await makeIndexedDbFiles(idb, 'bruno').list()).toEqual([])
  })

  test('[F14] the database stands among those that are erased with the person’s data', () => {
    expect(filesDatabaseName('ana')).toMatch(/^tideline\/ana\//)
  })

  test('[F9] a database that is deleted under it is made anew, and stands in nobody’s way', async () => {
    const store = makeIndexedDbFiles(idb, 'ana')
    await store.put(record, Uint8Array.of(1))
    await new Promise((resolve, reject) => {
      const request = idb.deleteDatabase(filesDatabaseName('ana'))
      request.addEventListener('success', resolve)
      request.addEventListener('error', reject)
    })
    expect(await store.list()).toEqual([])
    await store.put(record, Uint8Array.of(1))
    expect(await store.list()).toHaveLength(1)
  })

  test('[F9] where storage is forbidden every call says so', async () => {
    const forbidden = {
      open() {
        throw new DOMException('denied', 'SecurityError')
      },
    } as unknown as IDBFactory
    const store = makeIndexedDbFiles(forbidden, 'ana')
    await expect(store.list()).rejects.toMatchObject({ name: 'StorageError', reason: 'unavailable' })
  })
})
