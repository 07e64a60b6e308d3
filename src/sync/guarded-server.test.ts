import { describe, expect, test } from 'vitest'
import type { LogEntry } from './connection-log-line.ts'
import { guardServer } from './guarded-server.ts'
import { LogServerError, type LogServer } from './ports.ts'
import { makeVirtualClock } from './testing/virtual-clock.ts'

const { signal } = new AbortController()
const away = () => Promise.reject(new LogServerError('unreachable', 'the network is cut', null, '0'))
const fine = () => Promise.resolve(new Map())

function guarded(first: LogServer['pull']) {
  const clock = makeVirtualClock()
  const notes: LogEntry[] = []
  const server = { answer: first, called: 0 }
  const guard = guardServer(
    {
      clock,
      server: {
        push: async () => [],
        pull(cursors, given) {
          server.called++
          return server.answer(cursors, given)
        },
      },
    },
    (entry) => notes.push(entry),
  )
  /** The reason and pause that a call ended with; null when it was answered. */
  const call = (given = signal) =>
    guard.server.pull(new Map(), given).then(
      () => null,
      ({ reason, retryAfter }: LogServerError) => ({ reason, retryAfter }),
    )
  return { clock, guard, notes, server, call }
}

async function opened() {
  const scene = guarded(away)
  for (let n = 0; n < 3; n++) await scene.call()
  return scene
}

describe('the server behind the breaker', () => {
  test('[B1] after three failures no call goes out, and each says how long the pause still is', async () => {
    const { clock, guard, server, call } = await opened()
    expect(server.called).toBe(3)
    expect(guard.calls.get()).toEqual({ kind: 'paused', until: clock.now() + 30_000 })
    await clock.advance(10_000)
    expect(await call()).toEqual({ reason: 'busy', retryAfter: 20_000 })
    expect(server.called).toBe(3)
    await clock.advance(19_999)
    expect(guard.isPaused()).toBe(true)
    await clock.advance(1)
    expect(guard.isPaused()).toBe(false)
  })

  test('[B1] the very failure that opens it names the pause', async () => {
    const { call } = guarded(away)
    expect([await call(), await call(), await call()].map((failure) => failure?.retryAfter)).toEqual([
      null,
      null,
      30_000,
    ])
  })

  test.each(['unauthorised', 'incompatible', 'too-large', 'rejected'] as const)(
    '[B1] %s is an answer and not a failure',
    async (reason) => {
      const { guard, call } = guarded(() => Promise.reject(new LogServerError(reason, 'no')))
      for (let n = 0; n < 9; n++) expect(await call()).toMatchObject({ reason })
      expect(guard.calls.get()).toEqual({ kind: 'normal' })
    },
  )

  test('[B1] a call given up for want of an answer is a failure, though it never ends', async () => {
    const { guard, call } = guarded(() => new Promise(() => {}))
    for (let n = 0; n < 3; n++) {
      const abort = new AbortController()
      const calling = call(abort.signal)
      await Promise.resolve()
      abort.abort()
      expect(await calling).toMatchObject({ reason: 'unreachable' })
    }
    expect(guard.isPaused()).toBe(true)
  })

  test('[B2] one probe goes out; who comes meanwhile waits for what it says', async () => {
    const { clock, guard, server, call } = await opened()
    await clock.advance(30_000)
    let answer = (_pulled: Awaited<ReturnType<LogServer['pull']>>) => {}
    server.answer = () => new Promise((resolve) => (answer = resolve))
    const calls = [call(), call(), call()]
    await clock.settle()
    expect(server.called).toBe(4)
    expect(guard.calls.get()).toEqual({ kind: 'trying' })
    server.answer = fine
    answer(new Map())
    expect(await Promise.all(calls)).toEqual([null, null, null])
    expect(server.called).toBe(6)
    expect(guard.calls.get()).toEqual({ kind: 'normal' })
  })

  test('[B2] a probe that fails sends the others home without a call', async () => {
    const { clock, server, call } = await opened()
    await clock.advance(30_000)
    expect(await Promise.all([call(), call()])).toEqual([
      { reason: 'unreachable', retryAfter: 30_000 },
      { reason: 'busy', retryAfter: 30_000 },
    ])
    expect(server.called).toBe(4)
  })

  test('[B4] a person who asks is let through at once', async () => {
    const { guard, server, call } = await opened()
    guard.ask('person')
    server.answer = fine
    expect(await call()).toBeNull()
    expect(guard.calls.get()).toEqual({ kind: 'normal' })
  })

  test('[L2] pauses and their end are in the log, codes only', async () => {
    const { clock, notes, server, call } = await opened()
    await clock.advance(30_000)
    server.answer = fine
    await call()
    expect(notes).toEqual([
      ...Array.from({ length: 3 }, () => ({ code: 'pull-failed', reason: 'unreachable', answered: '0' })),
      { code: 'calls-paused', milliseconds: 30_000 },
      { code: 'calls-resumed' },
    ])
  })
})
