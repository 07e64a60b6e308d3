/** The ports of one page or worker: everything reaches the world through its life, which may end at any of them. */
import type { Meetings } from '../meetings-port.ts'
import type { ConnectivityEvent, Locks, SyncPorts } from '../ports.ts'
import { makeMeetings } from '../testing/meeting-place.ts'
import type { MemoryLocks } from '../testing/memory-locks.ts'
import type { VirtualClock } from '../testing/virtual-clock.ts'
import type { Bus } from './bus.ts'
import type { Conditions } from './conditions.ts'
import type { Disk } from './disk.ts'
import type { Life } from './life.ts'
import { shortOf } from './places.ts'
import { makeSeeded } from './seeded.ts'
import type { Server } from './server.ts'
import type { SignIn } from './session.ts'
import { fateOf, makeWay, type Way } from './way.ts'

export interface PageWorld {
  readonly clock: VirtualClock
  readonly server: Server
  readonly workspace: string
  readonly person: string
  readonly conditions: Conditions
  readonly disk: Disk
  readonly bus: Bus
  readonly locks: MemoryLocks | null
  readonly signIn: SignIn
  /** Of the app that this page runs. */
  readonly version: number
  /** By the device's clock. */
  now(): number
  note(line: string): void
  /** A document threw. */
  threw(line: string): void
}

export interface Page {
  readonly ports: SyncPorts
  readonly way: Way
  visible: boolean
  tell(event: ConnectivityEvent): void
}

export function makePage(world: PageWorld, name: string, life: Life, seed: number): Page {
  const { clock, conditions, disk, bus, locks, signIn } = world
  const note = (line: string) => world.note(`${name} ${line}`)
  const random = makeSeeded(seed)
  const chance = makeSeeded(seed + 1)
  const listeners = new Set<(event: ConnectivityEvent) => void>()
  let visible = true
  const way = makeWay({
    clock,
    random: chance,
    server: world.server,
    conditions,
    person: world.person,
    mayCall: () => signIn.validUntil > clock.now() && !signIn.revoked,
    note,
  })
  life.onEnd(way.end)
  const meetings = makeMeetings(clock, world.server.twin, world.person, {
    passes: () => conditions.state === 'up' && conditions.websockets && life.state !== 'gone',
    latency: () => chance.below(1 + conditions.slowness),
    heard: () => fateOf(conditions, chance),
  })
  life.onEnd(() => meetings.drop('the page is gone'))

  const ports: SyncPorts = {
    clock: life.clock,
    random,
    server: {
      push(operations, signal) {
        note(
          `pushes ${operations.map(({ doc, op_id }) => `${shortOf(doc)} ${op_id.slice(0, 4)}`).join(', ')}`,
        )
        return life.call('push', () => way.server.push(operations, signal))
      },
      pull(cursors, signal) {
        note(`pulls ${[...cursors].map(([doc, { seq }]) => `${shortOf(doc)} ${seq}`).join(', ')}`)
        return life.call('pull', () => way.server.pull(cursors, signal))
      },
    },
    live: {
      join: (topic, listener) =>
        way.live.join(topic, {
          joined: () => life.hear(listener.joined),
          dropped: (reason, refused) => life.hear(() => listener.dropped(reason, refused)),
          hint: (hint) => life.hear(() => listener.hint(hint)),
        }),
    },
    meetings: meetingsOf(meetings, life),
    session: signIn.as(life),
    connectivity: {
      online: () => conditions.state !== 'cut',
      visible: () => visible,
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    storage: disk.as(life, note),
    tabs: bus.as(life, world.version),
    locks: locks ? locksOf(locks, life) : null,
    book: { read: async () => [], append: async () => {} },
    log({ code, doc, reason = '' }) {
      note(`: ${code} ${doc ? shortOf(doc) : ''} ${reason}`)
      if (code === 'failed' && doc) world.threw(`${name}: ${doc} ${reason}`)
    },
  }

  return {
    ports,
    way,
    get visible() {
      return visible
    },
    set visible(next) {
      visible = next
    },
    tell(event) {
      life.hear(() => {
        for (const listener of Array.from(listeners)) listener(event)
      })
    },
  }
}

function meetingsOf(meetings: Meetings, life: Life): Meetings {
  return {
    join(topic, listener) {
      const meeting = meetings.join(topic, {
        joined: () => life.hear(listener.joined),
        dropped: (reason, refused) => life.hear(() => listener.dropped(reason, refused)),
        heard: (event, payload) => life.hear(() => listener.heard(event, payload)),
      })
      return {
        say(event, payload) {
          if (life.state !== 'gone') meeting.say(event, payload)
        },
        leave: meeting.leave,
      }
    },
  }
}

/** A frozen tab keeps its locks, and hears of nothing until it is thawed. */
function locksOf(locks: MemoryLocks, life: Life): Locks {
  const page = locks.page()
  life.onEnd(page.end)
  const inLife = (held: (lost: AbortSignal) => Promise<void>) => (lost: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const heard = new AbortController()
      lost.addEventListener('abort', () => life.hear(() => heard.abort()))
      life.hear(() => void held(heard.signal).then(resolve, reject))
    })
  return {
    hold: (name, options, held) => life.call('hold', () => page.locks.hold(name, options, inLife(held))),
    holdIfFree: (name, held) => life.call('holdIfFree', () => page.locks.holdIfFree(name, inLife(held))),
  }
}
