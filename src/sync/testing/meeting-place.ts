/** Where devices speak to each other in memory, each through a way of its own that a test may cut, double or disorder. */
import type { Meetings, MeetingListener } from '../meetings-port.ts'
import type { Clock } from '../ports.ts'
import type { LogTwin } from './log-twin.ts'

interface Seat {
  readonly topic: string
  readonly person: string
  joined: boolean
  hear(event: string, payload: unknown): void
}

/** How a device hears what others say: 1 copy, none, two; after a delay. */
export interface WayToMeetings {
  /** Joins, and what is said, pass at this moment. */
  passes(): boolean
  latency(): number
  heard(event: string): { readonly copies: number; readonly delay: number }
}

export interface MemoryMeetings extends Meetings {
  /** Everything that was joined is gone, as with the socket. */
  drop(reason: string): void
  /** What this device said, by event. */
  readonly said: ReadonlyMap<string, number>
  readonly topics: readonly string[]
}

const JOIN_TIMEOUT = 10_000
const rooms = new WeakMap<LogTwin, Set<Seat>>()

/** Says something that no device of ours would say, as somebody who may speak there. */
export function forge(twin: LogTwin, topic: string, event: string, payload: unknown): void {
  for (const seat of rooms.get(twin) ?? []) if (seat.topic === topic) seat.hear(event, payload)
}

export function makeMeetings(
  clock: Clock,
  twin: LogTwin,
  person: string,
  way: WayToMeetings,
): MemoryMeetings {
  const room = rooms.get(twin) ?? new Set<Seat>()
  rooms.set(twin, room)
  const mine = new Map<Seat, MeetingListener>()
  const said = new Map<string, number>()

  const drop = (seat: Seat, reason: string, refused = false) => {
    const listener = mine.get(seat)
    mine.delete(seat)
    room.delete(seat)
    listener?.dropped(reason, refused)
  }

  return {
    join(topic, listener) {
      const seat: Seat = {
        topic,
        person,
        joined: false,
        hear(event, payload) {
          const { copies, delay } = way.heard(event)
          for (let copy = 1; copy <= copies; copy++) {
            clock.after(delay * copy, () => {
              if (seat.joined && mine.has(seat) && way.passes()) listener.heard(event, payload)
            })
          }
        },
      }
      mine.set(seat, listener)
      clock.after(way.passes() ? way.latency() : JOIN_TIMEOUT, () => {
        if (!mine.has(seat)) return
        if (!way.passes()) return drop(seat, 'the join timed out')
        if (!twin.mayHear(person, topic)) return drop(seat, 'not allowed', true)
        seat.joined = true
        room.add(seat)
        listener.joined()
      })
      return {
        say(event, payload) {
          if (!seat.joined || !mine.has(seat)) return
          said.set(event, (said.get(event) ?? 0) + 1)
          if (!way.passes() || !twin.maySpeak(person, topic)) return
          const bytes = payload instanceof Uint8Array ? payload.slice() : structuredClone(payload)
          for (const other of room) if (other !== seat && other.topic === topic) other.hear(event, bytes)
        },
        leave() {
          mine.delete(seat)
          room.delete(seat)
        },
      }
    },
    drop(reason) {
      for (const seat of Array.from(mine.keys())) drop(seat, reason)
    },
    said,
    get topics() {
      return [...mine.keys()].filter(({ joined }) => joined).map(({ topic }) => topic)
    },
  }
}
