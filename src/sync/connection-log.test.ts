import { expect, test } from 'vitest'
import { LOG_LINES, makeConnectionLog } from './connection-log.ts'
import { makeMemoryBook } from './testing/memory-book.ts'
import { makeVirtualClock } from './testing/virtual-clock.ts'

function logOver(book = makeMemoryBook()) {
  const clock = makeVirtualClock()
  return { clock, book, log: makeConnectionLog(clock, book) }
}
const joined = (n: number) => ({ code: 'joined', topic: `ws:${n}` }) as const

test('[L1] lines go to the book together, and are there after a reload', async () => {
  const { clock, book, log } = logOver()
  log.note(joined(1))
  log.note(joined(2))
  await clock.advance(1_999)
  expect(book.writes).toBe(0)
  await clock.advance(1)
  expect(book.writes).toBe(1)
  const again = logOver(book)
  again.log.note(joined(3))
  await again.clock.settle()
  expect(again.log.lines.get().map(({ topic }) => topic)).toEqual(['ws:1', 'ws:2', 'ws:3'])
})

test('[L1] what waits is written when the page is left', async () => {
  const { book, log } = logOver()
  log.note(joined(1))
  await log.stop()
  expect(book.lines).toHaveLength(1)
})

test('[L1] five hundred lines are kept, the newest', async () => {
  const { clock, log } = logOver()
  for (let n = 0; n < LOG_LINES + 7; n++) log.note(joined(n))
  await clock.settle()
  expect(log.lines.get()).toHaveLength(LOG_LINES)
  expect(log.lines.get().at(0)?.topic).toBe('ws:7')
})

test.each(['rejects', 'never answers'] as const)(
  '[L1] a book that %s costs the engine nothing, and gets the lines when it can',
  async (fault) => {
    const { clock, book, log } = logOver()
    await clock.settle()
    book.fault = fault
    log.note(joined(1))
    await clock.advance(15_000)
    log.note(joined(2))
    expect(log.lines.get()).toHaveLength(2)
    book.fault = null
    await clock.advance(60_000)
    expect(book.lines.map(({ topic }) => topic)).toEqual(['ws:1', 'ws:2'])
    expect(clock.timers).toBe(0)
  },
)

test('[L2] what repeats is said once, until the connection turns', () => {
  const { log } = logOver()
  const failed = { code: 'pull-failed', reason: 'busy', answered: '503' } as const
  for (let n = 0; n < 5; n++) {
    log.note(joined(1))
    log.note(failed)
  }
  log.note({ ...failed, answered: '502' })
  log.note({ code: 'offline', reason: 'busy' })
  log.note(failed)
  log.note(joined(1))
  log.note({ code: 'dropped', topic: 'ws:1', reason: 'closed' })
  log.note(joined(1))
  expect(log.lines.get().map(({ code, answered }) => answered ?? code)).toEqual([
    'joined',
    '503',
    '502',
    'offline',
    '503',
    'joined',
    'dropped',
    'joined',
  ])
})

test('[L2] storage that is lost, back and lost again is said three times', () => {
  const { log } = logOver()
  for (const code of ['storage-lost', 'storage-lost', 'storage-back', 'storage-lost'] as const)
    log.note({ code, doc: 'd' })
  expect(log.lines.get().map(({ code }) => code)).toEqual(['storage-lost', 'storage-back', 'storage-lost'])
})
