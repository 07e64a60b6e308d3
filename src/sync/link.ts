/** Drives the connection machine: its timers, the session, the websocket and the exchange with the log. */
import { initialConnection, step, type ConnectionEvent, type Effect, type TimerName } from './connection.ts'
import type { ConnectionState } from './connection-state.ts'
import { reasonOf } from './turn-reason.ts'
import { inTime } from './in-time.ts'
import { makeSubject, type Observable } from './observable.ts'
import { LogServerError, type SyncPorts, type UpdateHint } from './ports.ts'

const RENEW_TIMEOUT = 15_000

export interface LinkWork {
  /** The topic whose join makes the connection live. */
  readonly mainTopic: string
  /** Topics wanted besides. */
  topics(): Iterable<string>
  /** Pulls and pushes everything; rejects when the server could not be asked. */
  exchange(afterJoin: boolean): Promise<void>
  hear(hint: UpdateHint): void
  /** A topic besides the main one was joined: what was missed on it is to be pulled. */
  topicJoined(topic: string): void
  /** The network or the page came back: whoever waits may try at once. */
  woken(): void
}

export interface Link {
  readonly state: Observable<ConnectionState>
  start(): void
  /** The server can be asked at this moment, as far as is known. */
  isUp(): boolean
  happened(event: ConnectionEvent): void
  /** A call to the log failed outside an exchange. */
  failed(error: unknown): void
  /** Joins and leaves topics as they are wanted now. */
  refreshTopics(): void
  /** Joins again what was lost or refused. [C17] */
  joinLost(): void
  stop(): void
}

type LinkPorts = Pick<SyncPorts, 'clock' | 'random' | 'live' | 'session' | 'connectivity' | 'log'>

export function makeLink(ports: LinkPorts, work: LinkWork): Link {
  const { clock, random, live, session, connectivity, log: note } = ports
  const state = makeSubject<ConnectionState>(initialConnection.state)
  const timers = new Map<TimerName, () => void>()
  const joined = new Map<string, () => void>()
  // Of these, the ones that were lost. The slow check goes on pulling what is told there.
  const lost = new Set<string>()
  let connection = initialConnection
  // Answers to what was asked before the last leave speak of another attempt.
  let attempt = 0
  let renewal = 0
  let exchange = 0
  let stopped = false

  const happened = (event: ConnectionEvent) => {
    if (stopped) return
    const before = connection.state.kind
    const [next, effects] = step(connection, event, { now: clock.now(), chance: random.fraction() })
    connection = next
    if (before !== next.state.kind) note({ code: next.state.kind, ...reasonOf(event) })
    // Effects first: whoever hears of the state may already rely on them.
    for (const effect of effects) perform(effect)
    // An effect may have made something else happen at once: what it led to is newer than `next`.
    state.set(connection.state)
  }

  const perform = (effect: Effect) => {
    switch (effect.do) {
      case 'set':
        timers.get(effect.timer)?.()
        timers.set(
          effect.timer,
          clock.after(effect.delay, () => {
            timers.delete(effect.timer)
            happened({ type: 'timer', timer: effect.timer })
          }),
        )
        break
      case 'cancel':
        timers.get(effect.timer)?.()
        timers.delete(effect.timer)
        break
      case 'leave':
        leave()
        break
      case 'join':
        leave()
        join(work.mainTopic)
        break
      case 'renew':
        void renew(effect.force)
        break
      case 'exchange':
        void runExchange()
        break
    }
  }

  const leave = () => {
    attempt++
    for (const leaveTopic of joined.values()) leaveTopic()
    joined.clear()
    lost.clear()
  }

  const join = (topic: string) => {
    const at = attempt
    const main = topic === work.mainTopic
    const current = () => at === attempt && !stopped
    // A channel may answer before it has said how to leave it.
    joined.set(topic, () => {})
    lost.delete(topic)
    const leaveTopic = live.join(topic, {
      joined() {
        if (!current()) return
        note({ code: 'joined', topic })
        if (!main) return work.topicJoined(topic)
        happened({ type: 'joined' })
        refreshTopics()
      },
      dropped(reason, refused = false) {
        if (!current()) return
        note({ code: 'dropped', topic, ...reasonOf({ type: 'dropped', reason, refused }) })
        if (main) return happened({ type: 'dropped', reason, refused })
        joined.get(topic)?.()
        joined.set(topic, () => {})
        lost.add(topic)
      },
      hint(hint) {
        if (current()) work.hear(hint)
      },
    })
    if (current()) joined.set(topic, leaveTopic)
    else leaveTopic()
  }

  const refreshTopics = () => {
    if (stopped || (connection.state.kind !== 'live' && connection.step !== 'exchanging')) return
    const wanted = new Set([work.mainTopic, ...work.topics()])
    for (const [topic, leaveTopic] of joined) {
      if (wanted.has(topic)) continue
      leaveTopic()
      joined.delete(topic)
    }
    for (const topic of wanted) if (!joined.has(topic)) join(topic)
  }

  const joinLost = () => {
    for (const topic of lost) {
      joined.get(topic)?.()
      joined.delete(topic)
    }
    lost.clear()
    refreshTopics()
  }

  const renew = async (force: boolean) => {
    const at = attempt
    const mine = ++renewal
    const answer = await inTime(clock, RENEW_TIMEOUT, () => session.renew(force)).catch(
      () => 'unreachable' as const,
    )
    if (at === attempt && mine === renewal) happened({ type: 'renewed', answer })
  }

  const runExchange = async () => {
    const mine = ++exchange
    try {
      await work.exchange(connection.step === 'exchanging')
      if (mine !== exchange) return
      happened({ type: 'answered' })
      joinLost()
    } catch (error) {
      if (mine === exchange) failed(error)
    }
  }

  const failed = (error: unknown) => {
    const reason = error instanceof LogServerError ? error.reason : 'unreachable'
    const message = error instanceof Error ? error.message : String(error)
    if (reason === 'unauthorised') happened({ type: 'unauthorised' })
    else if (reason === 'incompatible') happened({ type: 'incompatible', message })
    else {
      const retryAfter = error instanceof LogServerError ? error.retryAfter : null
      happened({ type: 'unanswered', reason: `${reason}: ${message}`, retryAfter })
    }
  }

  const forget = [
    session.subscribe((signedIn) => happened({ type: signedIn ? 'signed-in' : 'signed-out' })),
    connectivity.subscribe((event) => {
      if (event === 'offline') happened({ type: 'offline' })
      else if (event === 'online' || event === 'visible') {
        work.woken()
        happened({ type: 'wake' })
      }
    }),
  ]

  return {
    state,
    start: () => happened({ type: connectivity.online() ? 'wake' : 'offline' }),
    isUp: () =>
      connection.step === 'exchanging' ||
      connection.state.kind === 'live' ||
      connection.state.kind === 'polling',
    happened,
    failed,
    refreshTopics,
    joinLost,
    stop() {
      leave()
      stopped = true
      for (const cancel of timers.values()) cancel()
      for (const end of forget) end()
    },
  }
}
