import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { expect, test } from 'vitest'
import { LOG_LINES } from '../connection-log.ts'
import { makeIndexedDbLogBook } from './indexeddb-log-book.ts'

const line = (n: number) => ({ at: n, code: 'joined' as const, topic: `ws:${n}` })
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => line(from + n))

function bookOver(indexedDB = new IDBFactory(), person = 'ana') {
  return { indexedDB, book: makeIndexedDbLogBook({ indexedDB, IDBKeyRange }, person, 'w') }
}

async function deleted(indexedDB: IDBFactory) {
  for (const { name } of await indexedDB.databases())
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name ?? '')
      request.addEventListener('success', () => resolve())
      request.addEventListener('error', () => reject(request.error ?? new Error('not deleted')))
    })
}

test('[L1] what was written is read again in order, by this person alone', async () => {
  const { indexedDB, book } = bookOver()
  await book.append(lines(0, 2))
  await book.append(lines(2, 3))
  expect(await bookOver(indexedDB).book.read()).toEqual(lines(0, 3))
  expect(await bookOver(indexedDB, 'bruno').book.read()).toEqual([])
})

test('[L1] it is a ring, also when two tabs write into it and the clock is set back', async () => {
  const { indexedDB, book } = bookOver()
  const other = bookOver(indexedDB).book
  for (let n = 10_000; n < 10_000 + LOG_LINES * 4; n += 50) {
    await Promise.all([book.append(lines(n, n + 25)), other.append(lines(n + 25, n + 50))])
  }
  await book.append(lines(0, 30))
  const read = await book.read()
  expect(read).toHaveLength(LOG_LINES)
  expect(read.slice(-30)).toEqual(lines(0, 30))
})

test('[L1] it goes on after its database was deleted under its hands', async () => {
  const { indexedDB, book } = bookOver()
  await book.append(lines(0, 3))
  await deleted(indexedDB)
  await book.append(lines(3, 4))
  expect(await book.read()).toEqual(lines(3, 4))
})

test('[L1] a line that is none is left out', async () => {
  const { book } = bookOver()
  await book.append([line(1), null as never, { at: 'x' } as never]) // as another version of the app might
  expect(await book.read()).toEqual([line(1)])
})
