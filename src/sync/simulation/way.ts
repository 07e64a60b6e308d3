/** One tab's way to the server, through the conditions of its device: the log's calls and the websocket. */
import { LogServerError, type Clock, type LiveChannel, type LogServer } from '../ports.ts'
import type { Conditions } from './conditions.ts'
import type { SeededRandom } from './seeded.ts'
import type { Server, Socket } from './server.ts'

export interface Way {
  readonly server: LogServer
  readonly live: LiveChannel
  /** Sockets of this tab that are open as far as the tab knows. */
  readonly open: ReadonlySet<Socket>
  /** Calls and joins made so far. */
  readonly calls: number
  drop(reason: string): void
  /** The tab is gone, and its sockets with it. */
  end(): void
}

export interface WayOptions {
  readonly clock: Clock
  readonly random: SeededRandom
  readonly server: Server
  readonly conditions: Conditions
  readonly person: string
  /** The server takes this device's token. */
  mayCall(): boolean
  note(line: string): void
}

/** What becomes of one broadcast on its way to one device. */
export function fateOf(
  { hints: { lost, doubled, late }, slowness }: Conditions,
  random: SeededRandom,
): { readonly copies: number; readonly delay: number } {
  const chance = random.below(100)
  const delay = random.below(100) < late ? random.below(900) : random.below(1 + slowness)
  return { copies: chance < lost ? 0 : chance < lost + doubled ? 2 : 1, delay }
}

const JOIN_TIMEOUT = 10_000

export function makeWay({ clock, random, server, conditions, person, mayCall, note }: WayOptions): Way {
  const log = server.twin.as(person)
  const open = new Set<Socket>()
  let calls = 0

  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => void clock.after(milliseconds, resolve))
  const oneWay = () => (conditions.slowness > 0 ? pause(random.below(conditions.slowness)) : null)
  const lost = (what: string) => new LogServerError('unreachable', what)
  const givenUp = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(lost('given up')))
    })
  /** Takes one of so many. */
  const one = (what: 'lostCalls' | 'lostAnswers' | 'doubledCalls' | 'lateCalls') =>
    conditions[what] > 0 && conditions[what]-- > 0

  const carry = async <T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> => {
    calls++
    await oneWay()
    if (conditions.state === 'silent') return givenUp(signal)
    if (conditions.state === 'cut') throw lost('the network is cut')
    const failure = conditions.failures.shift()
    if (failure) throw failure
    if (one('lostCalls')) return random.below(2) ? givenUp(signal) : Promise.reject(lost('the call was lost'))
    if (one('lateCalls')) {
      clock.after(35_000 + random.below(20_000), () => void call().catch(() => {}))
      return givenUp(signal)
    }
    if (!mayCall()) throw new LogServerError('unauthorised', 'the token has expired')
    const answer = await call()
    if (one('doubledCalls')) clock.after(random.below(2_000), () => void call().catch(() => {}))
    await oneWay()
    if (one('lostAnswers'))
      return random.below(2) ? givenUp(signal) : Promise.reject(lost('the answer was lost'))
    if (conditions.state !== 'up') return givenUp(signal)
    return answer
  }

  const live: LiveChannel = {
    join(topic, listener) {
      calls++
      const socket: Socket = {
        topic,
        listener,
        joined: false,
        halfOpen: false,
        deliver(hint) {
          const { copies, delay } = fateOf(conditions, random)
          if (copies === 0) note(`hint ${hint.seq} of ${topic} lost`)
          for (let copy = 1; copy <= copies; copy++) {
            clock.after(delay * copy, () => {
              if (conditions.state === 'up' && open.has(socket) && !socket.halfOpen) listener.hint(hint)
            })
          }
        },
        drop(reason) {
          if (open.delete(socket)) listener.dropped(reason)
          server.sockets.delete(socket)
        },
      }
      open.add(socket)
      const passes = conditions.websockets && conditions.state !== 'silent'
      clock.after(passes ? random.below(1 + conditions.slowness) : JOIN_TIMEOUT, () => {
        if (!open.has(socket)) return
        if (conditions.state !== 'up' || !passes) return socket.drop('the join timed out')
        if (!mayCall() || !server.twin.mayHear(person, topic)) {
          open.delete(socket)
          return listener.dropped('not allowed', true)
        }
        socket.joined = true
        server.sockets.add(socket)
        note(`joined ${topic}`)
        listener.joined()
      })
      return () => {
        open.delete(socket)
        server.sockets.delete(socket)
      }
    },
  }

  const end = () => {
    for (const socket of open) server.sockets.delete(socket)
    open.clear()
  }

  return {
    server: {
      push: (operations, signal) => carry(signal, () => log.push(operations, signal)),
      pull: (cursors, signal) => carry(signal, () => log.pull(cursors, signal)),
    },
    live,
    open,
    get calls() {
      return calls
    },
    drop(reason) {
      for (const socket of Array.from(open)) socket.drop(reason)
    },
    end,
  }
}
