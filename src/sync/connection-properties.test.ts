/** The machine under any order of events, on a clock of its own: what must hold after every single one. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  initialConnection,
  step,
  type Connection,
  type ConnectionEvent,
  type Effect,
  type TimerName,
} from './connection.ts'

const happenings: readonly ConnectionEvent[] = [
  { type: 'wake' },
  { type: 'offline' },
  { type: 'joined' },
  { type: 'answered' },
  { type: 'unauthorised' },
  { type: 'signed-in' },
  { type: 'signed-out' },
  { type: 'renewed', answer: 'ready' },
  { type: 'renewed', answer: 'signed-out' },
  { type: 'renewed', answer: 'unreachable' },
  { type: 'dropped', reason: 'closed' },
  { type: 'dropped', reason: 'no', refused: true },
  { type: 'unanswered', reason: 'unreachable' },
  { type: 'unanswered', reason: 'busy', retryAfter: 30_000 },
  { type: 'refused', code: 'not_a_member', message: 'no' },
  { type: 'incompatible', message: 'reload' },
]
const common: readonly ConnectionEvent[] = happenings.filter(
  ({ type }) => !['signed-out', 'refused', 'incompatible'].includes(type),
)

/** A link that only counts: the timers that run, and how far the join is that counts now. */
class Counting {
  connection: Connection = initialConnection
  now = 1_000_000
  timers = new Map<TimerName, number>()
  join: 'none' | 'asked' | 'joined' | 'exchanging' = 'none'
  startedAt = this.now

  happen(event: ConnectionEvent, chance: number) {
    const before = this.connection
    const [next, effects] = step(before, event, { now: this.now, chance })
    this.connection = next
    if (event.type === 'joined' && before.step === 'joining') this.join = 'joined'
    for (const effect of effects) this.perform(effect)
    if (before.state.kind !== 'starting' && next.state.kind === 'starting') this.startedAt = this.now
  }

  /** Time moves on; whatever timer is due rings in between, each at its moment. */
  pass(milliseconds: number, chance: number) {
    const until = this.now + milliseconds
    for (let due = this.due(until); due; due = this.due(until)) {
      this.timers.delete(due[0])
      this.now = Math.max(this.now, due[1])
      this.happen({ type: 'timer', timer: due[0] }, chance)
      check(this)
    }
    this.now = until
  }

  private due(until: number) {
    return [...this.timers].filter(([, at]) => at <= until).sort((a, b) => a[1] - b[1])[0]
  }

  private perform(effect: Effect) {
    if (effect.do === 'set') this.timers.set(effect.timer, this.now + effect.delay)
    if (effect.do === 'cancel') this.timers.delete(effect.timer)
    if (effect.do === 'leave') this.join = 'none'
    if (effect.do === 'join') this.join = 'asked'
    if (effect.do === 'exchange' && this.join === 'joined') this.join = 'exchanging'
  }
}

const isHalted = ({ state: { kind } }: Connection) =>
  kind === 'signed-out' || kind === 'refused' || kind === 'incompatible'

function check({ connection, timers, join, now, startedAt }: Counting) {
  const { state } = connection
  const running = [...timers.keys()].sort()
  if (isHalted(connection)) {
    expect(running, 'halted').toEqual([])
    expect(join).toBe('none')
    return
  }
  if (state.kind === 'live') {
    expect(running, 'live').toEqual(['poll'])
    expect(join, 'live').toBe('exchanging')
    return
  }
  // Whatever is awaited may never come: a timer goes on in any case, and there is one poller at most.
  expect(running.includes('degrade'), state.kind).toBe(state.kind === 'starting')
  expect(running.includes('poll'), state.kind).toBe(state.kind !== 'starting')
  expect(running.includes('retry') && connection.step === 'joining').toBe(false)
  if (connection.step === 'joining') expect(running).toContain('join')
  if (connection.step === 'idle') expect(running).toContain('retry')
  if (state.kind === 'starting') expect(now - startedAt, 'starting').toBeLessThanOrEqual(10_000)
  if (state.kind === 'polling' || state.kind === 'offline') {
    expect(state.nextTryAt).toBeGreaterThanOrEqual(now - 1)
    expect(state.nextTryAt).toBe(
      Math.min(...['poll' as const, 'retry' as const].map((name) => timers.get(name) ?? Infinity)),
    )
  }
}

test.each([
  ['any events', happenings],
  ['events that halt nothing', common],
])('[C2] [C4] [C8] one poller at most, some timer always, never live unread: %s', (_name, events) => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.oneof(fc.nat(2_000), fc.nat(45_000)),
          fc.constantFrom(...events),
          fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        ),
        { maxLength: 50 },
      ),
      (steps) => {
        const link = new Counting()
        link.happen({ type: 'wake' }, 0.5)
        check(link)
        for (const [delay, event, chance] of steps) {
          link.pass(delay, chance)
          link.happen(event, chance)
          check(link)
        }
      },
    ),
    { numRuns: 2_000 },
  )
})
