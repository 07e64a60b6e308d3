/** A device with the real engine on it, over memory ports and a virtual clock. It can crash and be started again. */
import { makeSyncEngine } from '../engine.ts'
import * as leadingPart from '../leading-part.ts'
import { makeSubject } from '../observable.ts'
import type { LeadingPart, LoadPart } from '../part-loading.ts'
import type { LogEntry } from '../connection-log-line.ts'
import type { ConnectivityEvent, Locks, LogBook, Session, SyncPorts, TabMessage } from '../ports.ts'
import type { SyncEngine } from '../sync-engine.ts'
import type { LogTwin } from './log-twin.ts'
import { makeMemoryBook } from './memory-book.ts'
import { makeMemoryLocks, type MemoryLocks } from './memory-locks.ts'
import { makeMemoryStorage, type MemoryStorage } from './memory-storage.ts'
import { makePageLife, type PageLife } from './page-life.ts'
import { makeNetwork, type Network } from './network.ts'
import { makeSeededRandom } from './seeded-random.ts'
import type { VirtualClock } from './virtual-clock.ts'

export interface Device {
  readonly storage: MemoryStorage
  readonly network: Network
  readonly engine: SyncEngine
  /** What the next renewals of the session answer. */
  renewal: Awaited<ReturnType<Session['renew']>>
  readonly renewals: { plain: number; forced: number }
  readonly log: readonly LogEntry[]
  tell(event: ConnectivityEvent): void
  sign(signedIn: boolean): void
  /** The engine is gone at once, with everything that it had in memory. */
  crash(): void
  /** The page runs no line, and is told so neither before nor after, as when a debugger holds it. */
  sleep(): void
  wake(): void
  /** Something is said on the bus of its profile, as if by another tab. */
  say(message: TabMessage): void
  listen(listener: (message: TabMessage) => void): () => void
  /** An engine of a fresh page over the same storage. */
  start(): SyncEngine
  /** Where the service worker of the profile runs. */
  worker(): { readonly ports: SyncPorts; end(): void }
}

export interface DeviceOptions {
  readonly clock: VirtualClock
  readonly twin: LogTwin
  readonly person: string
  readonly workspace: string
  readonly seed: number
  /** Another tab of this device: shares its storage and hears its edits. */
  readonly besides?: Device
  /** Web Locks are missing. */
  readonly alone?: boolean
  /** At once, unless a test says otherwise. */
  readonly loadLeading?: LoadPart<LeadingPart>
}

interface Profile {
  readonly locks: MemoryLocks
  readonly buses: Map<string, Set<(message: TabMessage) => void>>
  readonly book: LogBook
}
const profiles = new WeakMap<MemoryStorage, Profile>()

export function makeDevice(options: DeviceOptions): Device {
  const { clock, twin, person, workspace, seed, besides, alone = false } = options
  const { loadLeading = () => leadingPart } = options
  const storage = besides?.storage ?? makeMemoryStorage()
  const random = makeSeededRandom(seed)
  const network = makeNetwork(clock, twin, person)
  const log: LogEntry[] = []
  const renewals = { plain: 0, forced: 0 }
  const profile = profiles.get(storage) ?? {
    locks: makeMemoryLocks(),
    buses: new Map(),
    book: makeMemoryBook(),
  }
  profiles.set(storage, profile)
  const bus = profile.buses.get(workspace) ?? new Set<(message: TabMessage) => void>()
  profile.buses.set(workspace, bus)
  let visible = true
  let page: ReturnType<typeof enter>

  /** A page of this profile, or its worker: where an engine can run. */
  const enter = () => {
    const connectivity = makeSubject<ConnectivityEvent | null>(null)
    const signedIn = makeSubject<boolean | null>(null)
    const life = makePageLife()
    const { run, call } = life
    const lockPage = profile.locks.page()
    const topics = new Set<() => void>()
    const hear = new Set<(message: TabMessage) => void>()
    const ports: SyncPorts = {
      clock: { now: clock.now, after: (delay, work) => clock.after(delay, () => run(work)) },
      random,
      server: {
        push: (operations, signal) => call(() => network.server.push(operations, signal)),
        pull: (cursors, signal) => call(() => network.server.pull(cursors, signal)),
      },
      live: {
        join(topic, { joined, dropped, hint }) {
          const leave = network.live.join(topic, {
            joined: () => run(joined),
            dropped: (...why) => run(() => dropped(...why)),
            hint: (heard) => run(() => hint(heard)),
          })
          topics.add(leave)
          return leave
        },
      },
      meetings: {
        join(topic, { joined, dropped, heard }) {
          const meeting = network.meetings.join(topic, {
            joined: () => run(joined),
            dropped: (...why) => run(() => dropped(...why)),
            heard: (event, payload) => run(() => heard(event, payload)),
          })
          topics.add(meeting.leave)
          return meeting
        },
      },
      session: {
        async renew(force) {
          renewals[force ? 'forced' : 'plain']++
          return device.renewal
        },
        subscribe: (listener) => signedIn.subscribe((value) => value !== null && run(() => listener(value))),
      },
      connectivity: {
        online: () => network.state !== 'cut',
        visible: () => visible,
        subscribe: (listener) => connectivity.subscribe((event) => event && run(() => listener(event))),
      },
      storage: {
        async open(id) {
          const stored = await call(() => storage.open(id))
          return {
            read: () => call(stored.read),
            write: (batch) => call(() => stored.write(batch)),
            compact: (encode) => call(() => stored.compact(encode)),
            advance: (next) => call(() => stored.advance(next)),
            replace: (batch, generation) => call(() => stored.replace(batch, generation)),
            onLost: (listener) => stored.onLost(() => run(listener)),
            close: stored.close,
          }
        },
        unsent: () => call(storage.unsent),
        mark: (mark) => call(() => storage.mark(mark)),
        unmark: (marks) => call(() => storage.unmark(marks)),
        places: () => call(storage.places),
        notePlaces: (places) => call(() => storage.notePlaces(places)),
      },
      tabs: {
        post(message) {
          const copy = structuredClone(message)
          for (const listener of bus) if (!hear.has(listener)) clock.after(0, () => listener(copy))
        },
        subscribe(listener) {
          const hearing = (message: TabMessage) => run(() => listener(message))
          hear.add(hearing)
          bus.add(hearing)
          return () => bus.delete(hearing)
        },
      },
      locks: alone ? null : asHeardBy(life, lockPage.locks),
      book: {
        read: () => call(profile.book.read),
        append: (lines) => call(() => profile.book.append(lines)),
      },
      log: (entry) => void log.push(entry),
    }
    return {
      ports,
      sleep: life.sleep,
      wake: life.wake,
      sign: (value: boolean) => {
        signedIn.set(null)
        signedIn.set(value)
      },
      tell(event: ConnectivityEvent) {
        connectivity.set(null)
        connectivity.set(event)
      },
      end() {
        life.end()
        for (const listener of hear) bus.delete(listener)
        for (const leave of topics) leave()
        lockPage.end()
      },
    }
  }

  const start = (): SyncEngine => {
    page = enter()
    engine = makeSyncEngine(page.ports, { workspaceId: workspace, personId: person, loadLeading })
    return engine
  }

  let engine: SyncEngine
  const device: Device = {
    storage,
    network,
    get engine() {
      return engine
    },
    renewal: 'ready',
    renewals,
    log,
    tell(event) {
      if (event === 'hidden' || event === 'visible') visible = event === 'visible'
      page.tell(event)
    },
    sign: (signedIn) => page.sign(signedIn),
    crash: () => page.end(),
    sleep: () => page.sleep(),
    wake: () => page.wake(),
    worker() {
      const { ports, end } = enter()
      return { ports, end }
    },
    say: (message) => [...bus].forEach((listener) => listener(message)),
    listen(listener) {
      bus.add(listener)
      return () => bus.delete(listener)
    },
    start,
  }
  engine = start()
  return device
}

/** A page that sleeps learns of what became of its locks when it wakes. */
function asHeardBy({ run }: PageLife, locks: Locks): Locks {
  const heard = (held: (lost: AbortSignal) => Promise<void>) => (lost: AbortSignal) => {
    const known = new AbortController()
    lost.addEventListener('abort', () => run(() => known.abort()))
    return held(known.signal)
  }
  return {
    hold: (name, options, held) => locks.hold(name, options, heard(held)),
    holdIfFree: (name, held) => locks.holdIfFree(name, heard(held)),
  }
}
