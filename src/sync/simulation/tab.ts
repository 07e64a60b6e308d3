/** One tab: the real engine over this world's ports, with a life that may end at any of them. */
import { makeSyncEngine } from '../engine.ts'
import type { ConnectivityEvent, Locks, SyncPorts } from '../ports.ts'
import type { DocumentHandle, SyncEngine } from '../sync-engine.ts'
import type { MemoryLocks } from '../testing/memory-locks.ts'
import type { Bus } from './bus.ts'
import type { Conditions } from './conditions.ts'
import type { Disk } from './disk.ts'
import type { Meetings } from '../meetings-port.ts'
import { makeMeetings } from '../testing/meeting-place.ts'
import { makeLife, type Life } from './life.ts'
import { shortOf } from './places.ts'
import { makeSeeded } from './seeded.ts'
import type { Server } from './server.ts'
import type { SignIn } from './session.ts'
import type { VirtualClock } from '../testing/virtual-clock.ts'
import { fateOf, makeWay, type Way } from './way.ts'

export interface TabWorld {
  readonly clock: VirtualClock
  readonly server: Server
  readonly workspace: string
  readonly person: string
  readonly conditions: Conditions
  readonly disk: Disk
  readonly bus: Bus
  readonly locks: MemoryLocks | null
  readonly signIn: SignIn
  /** Of the app that this tab runs. */
  readonly version: number
  /** By the device's clock. */
  now(): number
  note(line: string): void
  /** What the engine logs. */
  log(line: string): void
  /** The document was replaced, since what was unsent of it was dropped. */
  replaced(tab: string, documentId: string): void
  /** A deliberate breakage of the engine, put between it and its ports. */
  breakage(ports: SyncPorts): SyncPorts
}

export interface Tab {
  readonly name: string
  readonly version: number
  readonly life: Life
  readonly engine: SyncEngine
  readonly way: Way
  readonly handles: ReadonlyMap<string, DocumentHandle>
  visible: boolean
  open(documentId: string): DocumentHandle
  release(documentId: string): void
  tell(event: ConnectivityEvent): void
}

export function openTab(world: TabWorld, name: string, seed: number): Tab {
  const { clock, conditions, disk, bus, locks, signIn } = world
  const note = (line: string) => world.note(`${name} ${line}`)
  const life = makeLife(clock, world.now, note)
  const random = makeSeeded(seed)
  const chance = makeSeeded(seed + 1)
  const listeners = new Set<(event: ConnectivityEvent) => void>()
  const handles = new Map<string, DocumentHandle>()
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
    log: ({ code, doc = '', reason = '' }) => world.log(`${code} ${doc} ${reason}`),
  }

  const engine = makeSyncEngine(world.breakage(ports), { workspaceId: world.workspace })
  const tab: Tab = {
    name,
    version: world.version,
    life,
    engine,
    way,
    handles,
    get visible() {
      return visible
    },
    set visible(next) {
      visible = next
    },
    open(id) {
      const found = handles.get(id)
      if (found) return found
      const handle = engine.open(id)
      handle.onReplaced(() => world.replaced(name, id))
      handles.set(id, handle)
      return handle
    },
    release(id) {
      handles.get(id)?.release()
      handles.delete(id)
    },
    tell(event) {
      life.hear(() => {
        for (const listener of Array.from(listeners)) listener(event)
      })
    },
  }
  return tab
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
