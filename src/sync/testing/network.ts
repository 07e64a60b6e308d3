/** The way between one device and the server, to be cut, slowed, doubled and disordered by a test. */
import {
  LogServerError,
  type Clock,
  type LiveChannel,
  type LiveListener,
  type LogServer,
  type UpdateHint,
} from '../ports.ts'
import type { LogTwin } from './log-twin.ts'
import { makeMeetings, type MemoryMeetings } from './meeting-place.ts'

export interface Network {
  readonly server: LogServer
  readonly live: LiveChannel
  readonly meetings: MemoryMeetings
  /** Cut: calls fail and the websocket closes. `silent`: nothing fails, and nothing comes. */
  state: 'up' | 'cut' | 'silent'
  /** Websockets do not pass, as behind some proxies. */
  websockets: boolean
  /** So many of the next calls reach the server while their answers are lost. */
  loseAnswers: number
  /** What happens to each hint: 1 delivers it, 0 drops it, 2 doubles it; a delay disorders. */
  hints: () => { copies: number; delay: number }
  /** The same for what other devices say, presence and edits alike. */
  direct: (event: string) => { copies: number; delay: number }
  latency: () => number
  /** What stands before the server refuses a push of more bytes than this. */
  pushLimit: number
  /** What calls fail with instead of being made. */
  fail: () => LogServerError | null
  cut(): void
  heal(): void
  readonly calls: { push: number; pull: number; joins: number }
  /** Topics joined at this moment. */
  readonly joined: readonly string[]
}

const JOIN_TIMEOUT = 10_000

export function makeNetwork(clock: Clock, twin: LogTwin, person: string): Network {
  const server = twin.as(person)
  const topics = new Map<LiveListener, { topic: string; joined: boolean }>()
  const calls = { push: 0, pull: 0, joins: 0 }
  const pause = (milliseconds: number) =>
    milliseconds > 0
      ? new Promise<void>((resolve) => void clock.after(milliseconds, resolve))
      : Promise.resolve()

  const carry = async <T>(kind: 'push' | 'pull', signal: AbortSignal, call: () => Promise<T>): Promise<T> => {
    calls[kind]++
    await pause(network.latency())
    if (network.state === 'silent') {
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new LogServerError('unreachable', 'given up')))
      })
    }
    const failure = network.fail()
    if (failure) throw failure
    if (network.state === 'cut') throw new LogServerError('unreachable', 'the network is cut')
    const answer = await call()
    await pause(network.latency())
    if (network.loseAnswers > 0) {
      network.loseAnswers--
      throw new LogServerError('unreachable', 'the answer was lost')
    }
    return answer
  }

  const drop = (listener: LiveListener, reason: string, refused = false) => {
    if (topics.delete(listener)) listener.dropped(reason, refused)
  }

  twin.onHint((topic, hint) => {
    for (const [listener, at] of topics) {
      if (at.topic !== topic || !at.joined) continue
      const { copies, delay } = network.hints()
      for (let copy = 0; copy < copies; copy++) clock.after(delay * (copy + 1), () => deliver(listener, hint))
    }
  })

  const deliver = (listener: LiveListener, hint: UpdateHint) => {
    if (network.state === 'up' && topics.get(listener)?.joined) listener.hint(hint)
  }

  const meetings = makeMeetings(clock, twin, person, {
    passes: () => network.state === 'up' && network.websockets,
    latency: () => network.latency(),
    heard: (event) => network.direct(event),
  })

  const network: Network = {
    server: {
      push: (operations, signal) =>
        carry('push', signal, async () => {
          const bytes = operations.reduce((sum, { update }) => sum + update.byteLength, 0)
          if (bytes > network.pushLimit) throw new LogServerError('too-large', '413')
          return server.push(operations, signal)
        }),
      pull: (cursors, signal) => carry('pull', signal, () => server.pull(cursors, signal)),
    },
    live: {
      join(topic, listener) {
        calls.joins++
        const at = { topic, joined: false }
        topics.set(listener, at)
        const passes = network.websockets && network.state !== 'silent'
        clock.after(passes ? network.latency() : JOIN_TIMEOUT, () => {
          if (topics.get(listener) !== at) return
          if (network.state !== 'up' || !passes) return drop(listener, 'the join timed out')
          if (!twin.mayHear(person, topic)) return drop(listener, 'not allowed', true)
          at.joined = true
          listener.joined()
        })
        return () => topics.delete(listener)
      },
    },
    meetings,
    state: 'up',
    websockets: true,
    loseAnswers: 0,
    hints: () => ({ copies: 1, delay: 0 }),
    direct: () => ({ copies: 1, delay: 0 }),
    latency: () => 0,
    pushLimit: Infinity,
    fail: () => null,
    cut() {
      network.state = 'cut'
      for (const listener of topics.keys()) drop(listener, 'the socket closed')
      meetings.drop('the socket closed')
    },
    heal() {
      network.state = 'up'
    },
    calls,
    get joined() {
      return [...topics.values()].filter(({ joined }) => joined).map(({ topic }) => topic)
    },
  }
  return network
}
