/**
 * The connection as a pure machine: what happened goes in, the state to show and what to do come out. The websocket
 * is tried first; ten seconds without a join and the server is asked every thirty seconds instead, while the join is
 * tried again after 1, 2, 4, 8 … 30 seconds, each ± 20 %. A join counts only once the pull that follows it is done.
 * One timer per name, so that there is never a second poller. [C1]–[C13] of docs/sync.md.
 */
import type { ConnectionState } from './connection-state.ts'

const DEGRADE_AFTER = 10_000
const POLL_EVERY = 30_000
/** While live, the log is asked now and then all the same, since a broadcast may be lost in silence. */
const CHECK_EVERY = 60_000
const LONGEST_RETRY = 30_000
const JOIN_TIMEOUT = 10_000
/** A timer so late at a wake, or so late by itself, slept with its page. A hidden tab's timers come a minute late. */
const LATE_AT_WAKE = 5_000
const LATE = 90_000
// As many failures as make the longest pause.
const PATIENT = 5

export type ConnectionEvent =
  | { readonly type: 'wake' }
  | { readonly type: 'offline' }
  | { readonly type: 'joined' }
  | { readonly type: 'answered' }
  | { readonly type: 'unauthorised' }
  | { readonly type: 'signed-in' }
  | { readonly type: 'signed-out' }
  | { readonly type: 'renewed'; readonly answer: 'ready' | 'signed-out' | 'unreachable' }
  | { readonly type: 'dropped'; readonly reason: string; readonly refused?: boolean }
  | { readonly type: 'unanswered'; readonly reason: string; readonly retryAfter?: number | null }
  | { readonly type: 'refused'; readonly code: string; readonly message: string }
  | { readonly type: 'incompatible'; readonly message: string }
  | { readonly type: 'timer'; readonly timer: TimerName }

export type TimerName = 'join' | 'retry' | 'degrade' | 'poll'

export type Effect =
  | { readonly do: 'renew'; readonly force: boolean }
  | { readonly do: 'join' | 'leave' | 'exchange' }
  | { readonly do: 'set'; readonly timer: TimerName; readonly delay: number }
  | { readonly do: 'cancel'; readonly timer: TimerName }

export interface Connection {
  readonly state: ConnectionState
  /** How far the attempt to join is; `idle` between attempts and while live. */
  readonly step: 'idle' | 'renewing' | 'forcing' | 'joining' | 'exchanging'
  /** Joins lost in a row. */
  readonly failures: number
  /** The token was renewed by force and nothing was answered since: the next refusal of it is final. */
  readonly forced: boolean
  readonly reason: string
  /** The ten seconds until polling are running. */
  readonly degrading: boolean
  readonly retryAt: number | null
  readonly pollAt: number | null
}

export interface Moment {
  readonly now: number
  /** In [0, 1). */
  readonly chance: number
}

const set = (timer: TimerName, delay: number): Effect => ({ do: 'set', timer, delay })
const cancel = (timer: TimerName): Effect => ({ do: 'cancel', timer })
const renew = (force: boolean): Effect => ({ do: 'renew', force })
const exchange: Effect = { do: 'exchange' }
const hangUp: readonly Effect[] = [{ do: 'leave' }, cancel('join')]

export type Step = readonly [Connection, readonly Effect[]]

export const initialConnection: Connection = {
  state: { kind: 'starting' },
  step: 'idle',
  failures: 0,
  forced: false,
  reason: '',
  degrading: false,
  retryAt: null,
  pollAt: null,
}

export function step(connection: Connection, event: ConnectionEvent, moment: Moment): Step {
  const { state } = connection
  switch (event.type) {
    case 'wake':
      if (state.kind === 'signed-out') return [connection, []]
      if (state.kind !== 'live' || isLate(connection, LATE_AT_WAKE, moment)) return wake(connection, moment)
      return [connection, connection.step === 'forcing' ? [] : [renew(false)]]
    case 'signed-in':
      return state.kind === 'signed-out' ? wake(initialConnection, moment) : [connection, []]
    case 'signed-out':
      return halt(connection, { kind: 'signed-out' })
    case 'refused':
      return halt(connection, { kind: 'refused', code: event.code, message: event.message })
    case 'incompatible':
      return halt(connection, { kind: 'incompatible', message: event.message })
    default:
      return isHalted(state) ? [connection, []] : running(connection, event, moment)
  }
}

type RunningEvent = Exclude<
  ConnectionEvent,
  { type: 'wake' | 'signed-in' | 'signed-out' | 'refused' | 'incompatible' }
>

function running(connection: Connection, event: RunningEvent, moment: Moment): Step {
  const { state, step: at } = connection
  switch (event.type) {
    case 'offline':
      return goOffline(connection, moment)
    case 'renewed':
      return renewed(connection, event.answer, moment)
    case 'joined':
      return at === 'joining'
        ? [{ ...connection, step: 'exchanging' }, [cancel('join'), exchange]]
        : [connection, []]
    case 'answered':
      return answered({ ...connection, forced: false }, moment)
    case 'unauthorised':
      if (connection.forced) return halt(connection, { kind: 'signed-out' })
      if (at === 'forcing') return [connection, []]
      return begin({ ...connection, step: 'forcing' }, moment)
    case 'dropped':
      if (at === 'idle' && state.kind !== 'live') return [connection, []]
      return event.refused
        ? askWhy(connection, event.reason, moment)
        : lose(connection, event.reason, 0, moment)
    case 'unanswered':
      if (at === 'exchanging' || state.kind === 'live') {
        return unreached(connection, event.reason, event.retryAfter ?? 0, moment)
      }
      return unheard(connection, event.retryAfter ?? 0, moment)
    case 'timer':
      return rang(connection, event.timer, moment)
  }
}

/** Towards live: a token, then the join, then the pull, and only then is it said. */
function begin(connection: Connection, moment: Moment): Step {
  const force = connection.step === 'forcing'
  const next: Connection = { ...connection, retryAt: null, step: force ? 'forcing' : 'renewing' }
  return [withNextTry(next, moment), [cancel('retry'), renew(force)]]
}

/** Begins anew, as if nothing had failed before. Polling goes on until the join holds; being offline does not. */
function wake(connection: Connection, moment: Moment): Step {
  const polling = connection.state.kind === 'polling'
  const effects: Effect[] = [...hangUp]
  if (!polling) effects.push(cancel('poll'))
  // Woken again and again, it must still degrade ten seconds after the first time.
  const degrade = !polling && !connection.degrading
  if (degrade) effects.push(set('degrade', DEGRADE_AFTER))
  const [next, more] = begin(
    {
      ...connection,
      failures: 0,
      degrading: connection.degrading || degrade,
      ...(polling ? {} : { state: { kind: 'starting' }, pollAt: null }),
    },
    moment,
  )
  return [next, [...effects, ...more]]
}

function renewed(
  connection: Connection,
  answer: 'ready' | 'signed-out' | 'unreachable',
  moment: Moment,
): Step {
  if (answer === 'signed-out') return halt(connection, { kind: 'signed-out' })
  const awaited = connection.step === 'renewing' || connection.step === 'forcing'
  if (!awaited && connection.state.kind !== 'live') return [connection, []]
  if (answer === 'unreachable') {
    return unreached(connection, 'the session could not be renewed', 0, moment)
  }
  const next: Connection = { ...connection, forced: connection.forced || connection.step === 'forcing' }
  if (connection.state.kind !== 'live') {
    return [{ ...next, step: 'joining' }, [{ do: 'join' }, set('join', JOIN_TIMEOUT)]]
  }
  return [{ ...next, step: 'idle' }, [exchange]]
}

function answered(connection: Connection, moment: Moment): Step {
  const { state } = connection
  if (connection.step === 'exchanging') {
    const live: Connection = {
      ...initialConnection,
      state: { kind: 'live', since: moment.now },
      pollAt: moment.now + CHECK_EVERY,
    }
    return [live, [cancel('retry'), cancel('degrade'), set('poll', CHECK_EVERY)]]
  }
  return [state.kind === 'offline' ? shown(connection, 'polling', moment) : connection, []]
}

/** The join is gone or did not come about. */
function lose(connection: Connection, reason: string, atLeast: number, moment: Moment): Step {
  const failures = connection.failures + 1
  const backoff = Math.min(LONGEST_RETRY, 1_000 * 2 ** (failures - 1)) * (0.8 + 0.4 * moment.chance)
  const delay = Math.round(Math.max(backoff, atLeast))
  const effects: Effect[] = [...hangUp, set('retry', delay)]
  let next: Connection = { ...connection, step: 'idle', failures, reason, retryAt: moment.now + delay }
  if (connection.state.kind === 'live') {
    effects.push(cancel('poll'), set('degrade', DEGRADE_AFTER))
    next = { ...next, state: { kind: 'starting' }, pollAt: null, degrading: true }
  }
  return [withNextTry(next, moment), effects]
}

/** As a lost join, where it is the server that did not answer: it is polled no more than it is heard. */
function unreached(connection: Connection, reason: string, atLeast: number, moment: Moment): Step {
  const [lost, effects] = lose(connection, reason, atLeast, moment)
  return [lost.state.kind === 'polling' ? shown(lost, 'offline', moment) : lost, effects]
}

/** The server cannot be asked, or asks for patience: the next poll comes when it may, and not before. [B5] */
function unheard(connection: Connection, pause: number, moment: Moment): Step {
  const { state } = connection
  if (state.kind !== 'polling' && state.kind !== 'offline') return [connection, []]
  const next = pause > 0 ? { ...connection, pollAt: moment.now + pause } : connection
  return [
    state.kind === 'polling' ? shown(next, 'offline', moment) : withNextTry(next, moment),
    pause > 0 ? [set('poll', pause)] : [],
  ]
}

/** A join that was refused says no more than that: the log knows whether it is the token, the person or the door. */
function askWhy(connection: Connection, reason: string, moment: Moment): Step {
  const [next, effects] = lose(connection, reason, 0, moment)
  return [next, [...effects, exchange]]
}

function rang(connection: Connection, timer: TimerName, moment: Moment): Step {
  const { state } = connection
  if (timer === 'join') {
    return connection.step === 'joining'
      ? lose(connection, 'the join got no answer', 0, moment)
      : [connection, []]
  }
  if (timer === 'retry') return connection.step === 'idle' ? begin(connection, moment) : [connection, []]
  if (timer === 'poll' && state.kind === 'live') {
    if (isLate(connection, LATE, moment)) return wake(connection, moment)
    return [{ ...connection, pollAt: moment.now + CHECK_EVERY }, [exchange, set('poll', CHECK_EVERY)]]
  }
  const reason = connection.reason || 'no live connection yet'
  const next =
    timer === 'degrade' ? shown({ ...connection, reason, degrading: false }, 'polling', moment) : connection
  return [
    withNextTry({ ...next, pollAt: moment.now + POLL_EVERY }, moment),
    [exchange, set('poll', POLL_EVERY)],
  ]
}

function goOffline(connection: Connection, moment: Moment): Step {
  // The browser may be wrong about being offline, so both timers go on, slowly.
  const next: Connection = {
    ...connection,
    step: 'idle',
    failures: PATIENT,
    reason: 'the device is offline',
    degrading: false,
    retryAt: moment.now + LONGEST_RETRY,
    pollAt: moment.now + POLL_EVERY,
  }
  return [
    shown(next, 'offline', moment),
    [...hangUp, cancel('degrade'), set('retry', LONGEST_RETRY), set('poll', POLL_EVERY)],
  ]
}

/** Stops until a person, a sign-in or a wake starts it again. */
function halt(connection: Connection, state: ConnectionState): Step {
  return [{ ...initialConnection, state }, [...hangUp, cancel('retry'), cancel('degrade'), cancel('poll')]]
}

/** The page slept: a socket that was open then may be dead and look open for a minute more. */
function isLate({ pollAt }: Connection, by: number, { now }: Moment): boolean {
  return pollAt !== null && now - pollAt >= by
}

function isHalted(state: ConnectionState): boolean {
  return state.kind === 'signed-out' || state.kind === 'refused' || state.kind === 'incompatible'
}

function shown(connection: Connection, kind: 'polling' | 'offline', moment: Moment): Connection {
  const since = { since: moment.now, nextTryAt: moment.now }
  const state: ConnectionState =
    kind === 'polling' ? { kind, reason: connection.reason, ...since } : { kind, ...since }
  return withNextTry({ ...connection, state }, moment)
}

function withNextTry(connection: Connection, { now }: Moment): Connection {
  const { state, retryAt, pollAt } = connection
  if (state.kind !== 'polling' && state.kind !== 'offline') return connection
  const next = Math.min(retryAt ?? Infinity, pollAt ?? Infinity)
  return { ...connection, state: { ...state, nextTryAt: Number.isFinite(next) ? next : now } }
}
