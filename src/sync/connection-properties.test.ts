/** The machine under any order of events, on a clock of its own: what must hold after every single one. */
import * as fc from 'fast-check'
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
  readonly found: string[] = []

  happen(event: ConnectionEvent, chance: number) {
    const before = this.connection
    const [next, effects] = step(before, event, { now: this.now, chance })
    this.connection = next
    if (event.type === 'joined' && before.step === 'joining') this.join = 'joined'
    for (const effect of effects) this.perform(effect)
    if (before.state.kind !== 'starting' && next.state.kind === 'starting') this.startedAt = this.now
    this.found.push(...wrongs(this))
  }

  /** Time moves on; whatever timer is due rings in between, each at its moment. */
  pass(milliseconds: number, chance: number) {
    const until = this.now + milliseconds
    for (let due = this.due(until); due; due = this.due(until)) {
      this.timers.delete(due[0])
      this.now = Math.max(this.now, due[1])
      this.happen({ type: 'timer', timer: due[0] }, chance)
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

/** What must not be, if it is: an empty list otherwise. */
function wrongs({ connection, timers, join, now, startedAt }: Counting): string[] {
  const { state, step: at } = connection
  const runs = (name: TimerName) => timers.has(name)
  const waits = state.kind === 'polling' || state.kind === 'offline'
  const next = Math.min(timers.get('poll') ?? Infinity, timers.get('retry') ?? Infinity)
  const facts: readonly (readonly [string, boolean])[] = isHalted(connection)
    ? [
        ['halted, a timer runs', timers.size > 0],
        ['halted, a topic is held', join !== 'none'],
      ]
    : [
        ['live without a pull after the join', state.kind === 'live' && join !== 'exchanging'],
        [
          'live with another timer than the check',
          state.kind === 'live' && [...timers.keys()].join() !== 'poll',
        ],
        ['starting with a poller', state.kind === 'starting' && runs('poll')],
        ['starting without the ten seconds', runs('degrade') !== (state.kind === 'starting')],
        ['starting for more than ten seconds', state.kind === 'starting' && now - startedAt > 10_000],
        ['no poller', waits && !runs('poll')],
        ['a join that nothing ends', at === 'joining' && !runs('join')],
        ['two ways to the next join', at === 'joining' && runs('retry')],
        ['no next join', at === 'idle' && state.kind !== 'live' && !runs('retry')],
        ['another next try than said', waits && state.nextTryAt !== next],
      ]
  return facts.flatMap(([what, is]) => (is ? [`${what} (${state.kind}, ${at})`] : []))
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
        for (const [delay, event, chance] of steps) {
          link.pass(delay, chance)
          link.happen(event, chance)
        }
        expect(link.found).toEqual([])
      },
    ),
    { numRuns: 2_000 },
  )
})
