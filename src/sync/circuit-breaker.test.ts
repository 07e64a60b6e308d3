import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { breakerStep, closedBreaker, pauseOf, type Breaker, type BreakerEvent } from './circuit-breaker.ts'

const failed: BreakerEvent = { type: 'failed' }
const answered: BreakerEvent = { type: 'answered' }
const called: BreakerEvent = { type: 'called' }
const busy = (retryAfter: number): BreakerEvent => ({ type: 'failed', retryAfter })
const asked = (by: 'person' | 'wake'): BreakerEvent => ({ type: 'asked', by })
const start = 1_000_000

function run(...events: readonly (readonly [number, BreakerEvent])[]): Breaker {
  return events.reduce((breaker, [at, event]) => breakerStep(breaker, event, start + at), closedBreaker)
}
const opened = [
  [0, failed],
  [10, failed],
  [20, failed],
] as const

describe('[B1] three failures in a row', () => {
  test('two leave it closed, the third opens it for thirty seconds', () => {
    expect(run([0, failed], [10, failed])).toEqual({ kind: 'closed', failures: 2 })
    expect(run(...opened)).toMatchObject({ kind: 'open', until: start + 30_020 })
  })

  test('an answer in between begins the count anew', () => {
    expect(run([0, failed], [10, failed], [20, answered], [30, failed], [40, failed])).toMatchObject({
      kind: 'closed',
      failures: 2,
    })
  })

  test('what had gone out before it opened, and fails later, makes the pause no longer', () => {
    expect(run(...opened, [9_000, failed])).toEqual(run(...opened))
  })
})

describe('[B2] half-open', () => {
  test.each([
    [30_019, 1, 'open'],
    [30_020, 0, 'half-open'],
  ] as const)('after %d ms the pause is %d ms and a call finds it %s', (at, pause, kind) => {
    expect(pauseOf(run(...opened), start + at)).toBe(pause)
    expect(run(...opened, [at, called]).kind).toBe(kind)
  })

  test('the probe’s answer closes it, its failure opens it for thirty seconds more', () => {
    expect(run(...opened, [30_020, called], [30_100, answered])).toEqual(closedBreaker)
    expect(run(...opened, [30_020, called], [30_100, failed])).toMatchObject({
      kind: 'open',
      until: start + 60_100,
    })
  })
})

describe('[B3] a pause that the server names', () => {
  test('opens it at once, for that long', () => {
    expect(run([0, busy(4_000)])).toMatchObject({ kind: 'open', until: start + 4_000, named: true })
    expect(run(...opened, [100, busy(90_000)])).toMatchObject({ until: start + 90_100 })
  })
})

describe('[B4] who asks', () => {
  test.each([
    ['person', 'half-open'],
    ['wake', 'half-open'],
  ] as const)('a %s is let through at once', (by, kind) => {
    expect(run(...opened, [100, asked(by)]).kind).toBe(kind)
  })

  test.each([
    ['person', 'half-open'],
    ['wake', 'open'],
  ] as const)('in a pause that the server named, a %s finds it %s', (by, kind) => {
    expect(run([0, busy(60_000)], [100, asked(by)]).kind).toBe(kind)
  })

  test('nobody starts a second probe', () => {
    const probing = run(...opened, [30_020, called])
    expect(breakerStep(probing, asked('person'), start + 30_030)).toBe(probing)
  })
})

test('[C13] a device whose clock is set back by hours does not wait for hours', () => {
  const open = run(...opened)
  expect(pauseOf(open, start - 3 * 3_600_000)).toBe(0)
  expect(breakerStep(open, called, start - 3 * 3_600_000)).toEqual({ kind: 'half-open', probing: true })
})

test('[B1] whatever happens, no pause of ours is longer than thirty seconds, and every answer closes it', () => {
  const event = fc.oneof(
    fc.constant(failed),
    fc.constant(answered),
    fc.constant(called),
    fc.constantFrom(asked('person'), asked('wake')),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(40_000), event), { maxLength: 60 }), (steps) => {
      let now = start
      let breaker: Breaker = closedBreaker
      let row = 0
      let longest = 0
      const early: Breaker[] = []
      for (const [delay, what] of steps) {
        now += delay
        breaker = breakerStep(breaker, what, now)
        if (what.type === 'answered') row = 0
        if (what.type === 'failed') row++
        longest = Math.max(longest, pauseOf(breaker, now))
        if (row < 3 && breaker.kind !== 'closed') early.push(breaker)
      }
      expect(longest).toBeLessThanOrEqual(30_000)
      expect(early).toEqual([])
    }),
  )
})
