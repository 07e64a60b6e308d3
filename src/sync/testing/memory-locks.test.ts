import { expect, test } from 'vitest'
import { makeMemoryLocks } from './memory-locks.ts'

const never = new AbortController().signal
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Holds until it is told to let go, or until the lock is taken away. */
function holder(log: string[], name: string) {
  let letGo = () => {}
  const held = (lost: AbortSignal) =>
    new Promise<void>((resolve) => {
      log.push(`${name} holds`)
      letGo = resolve
      lost.addEventListener('abort', () => {
        log.push(`${name} lost`)
        resolve()
      })
    })
  return { held, letGo: () => letGo() }
}

test('one holds at a time, in the order of asking, and a wait may be given up', async () => {
  const locks = makeMemoryLocks()
  const log: string[] = []
  const [a, b, c] = [holder(log, 'a'), holder(log, 'b'), holder(log, 'c')]
  const page = locks.page().locks
  const stop = new AbortController()
  const holding = page.hold('x', { signal: never }, a.held)
  const waiting = page.hold('x', { signal: stop.signal }, b.held)
  const last = locks.page().locks.hold('x', { signal: never }, c.held)
  await turn()
  expect(log).toEqual(['a holds'])
  expect(await page.holdIfFree('x', async () => void log.push('no'))).toBe(false)
  stop.abort()
  await waiting
  a.letGo()
  await holding
  await turn()
  expect(log).toEqual(['a holds', 'c holds'])
  c.letGo()
  await last
  expect(locks.held).toEqual([])
  expect(await page.holdIfFree('x', async () => void log.push('free'))).toBe(true)
})

test('a stolen lock is lost by its holder, and is not freed when that one ends', async () => {
  const locks = makeMemoryLocks()
  const log: string[] = []
  const [a, b] = [holder(log, 'a'), holder(log, 'b')]
  const first = locks.page().locks.hold('x', { signal: never }, a.held)
  await turn()
  const second = locks.page().locks.hold('x', { signal: never, steal: true }, b.held)
  await first
  await turn()
  expect(log).toEqual(['a holds', 'a lost', 'b holds'])
  expect(locks.held).toEqual(['x'])
  b.letGo()
  await second
})

test('a page that dies frees what it held and what it waited for, and hears nothing of it', async () => {
  const locks = makeMemoryLocks()
  const log: string[] = []
  const [a, b] = [holder(log, 'a'), holder(log, 'b')]
  const dying = locks.page()
  void dying.locks.hold('x', { signal: never }, a.held)
  void dying.locks.hold('x', { signal: never }, async () => void log.push('dead'))
  void locks.page().locks.hold('x', { signal: never }, b.held)
  await turn()
  dying.end()
  await turn()
  expect(log).toEqual(['a holds', 'b holds'])
})
