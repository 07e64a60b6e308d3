import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { rememberIn } from '../stores/remembered.ts'
import { rememberSession } from '../stores/session/saved-session.ts'
import { makeIndexedDbLogBook } from '../sync/storage/indexeddb-log-book.ts'
import { makeIndexedDbStorage } from '../sync/storage/indexeddb-storage.ts'
import { device } from './device.ts'

const names = async () => (await indexedDB.databases()).map(({ name }) => name).toSorted()
const idb = () => ({ indexedDB, IDBKeyRange })
const nothing = { updates: [], pending: [], settled: [], setAside: [] }

/** Between two looks of the erasing. */
let meanwhile: Promise<unknown>

beforeEach(() => {
  meanwhile = Promise.resolve()
  vi.stubGlobal('setTimeout', (run: () => void) => void meanwhile.then(() => setImmediate(run)))
  const kept = new Map<string, string>()
  const localStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
  vi.stubGlobal('localStorage', localStorage)
  vi.stubGlobal('indexedDB', new IDBFactory())
  rememberIn(localStorage)
})
afterEach(() => vi.unstubAllGlobals())

test('[D6] erasing takes what is of this person, and of nobody else', async () => {
  for (const person of ['ana', 'bruno']) {
    const document = await makeIndexedDbStorage(idb(), person).open('conv/x')
    await document.write(nothing)
  }
  await device.erase('ana')
  expect(await names()).toEqual(['tideline/bruno/conv/x'])
})

test('[D10] what another tab writes as it closes goes too', async () => {
  const book = makeIndexedDbLogBook(idb(), 'ana', 'w')
  await book.append([{ at: 1, code: 'live' }])
  const close = async () => {
    while ((await names()).length > 0) await new Promise(setImmediate)
    await book.append([{ at: 2, code: 'storage-lost' }])
  }
  meanwhile = close()
  await device.erase('ana')
  expect(await names()).toEqual([])
})

test('who signs in again meanwhile keeps what is new', async () => {
  const storage = makeIndexedDbStorage(idb(), 'ana')
  await (await storage.open('conv/old')).write(nothing)
  const comeBack = async () => {
    while ((await names()).length > 0) await new Promise(setImmediate)
    const person = { id: 'ana', name: 'Ana', email: 'ana@example.com' }
    rememberSession({ person, workspaces: [], workspaceId: null, access: 'in' })
    await (await storage.open('conv/new')).write(nothing)
  }
  meanwhile = comeBack()
  await device.erase('ana')
  expect(await names()).toEqual(['tideline/ana/conv/new'])
})
