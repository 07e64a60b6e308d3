/** A device with the real engine on it, over memory ports and a virtual clock. It can crash and be started again. */
import { makeSyncEngine } from '../engine.ts'
import { makeSubject } from '../observable.ts'
import type { ConnectivityEvent, Session, SyncPorts, TabMessage } from '../ports.ts'
import type { SyncEngine } from '../sync-engine.ts'
import type { LogTwin } from './log-twin.ts'
import { makeMemoryLocks, type MemoryLocks } from './memory-locks.ts'
import { makeMemoryStorage, type MemoryStorage } from './memory-storage.ts'
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
  readonly log: readonly string[]
  tell(event: ConnectivityEvent): void
  sign(signedIn: boolean): void
  /** The engine is gone at once, with everything that it had in memory. */
  crash(): void
  /** An engine of a fresh page over the same storage. */
  start(): SyncEngine
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
}

interface Profile {
  readonly locks: MemoryLocks
  readonly buses: Map<string, Set<(message: TabMessage) => void>>
}
const profiles = new WeakMap<MemoryStorage, Profile>()

export function makeDevice(options: DeviceOptions): Device {
  const { clock, twin, person, workspace, seed, besides, alone = false } = options
  const storage = besides?.storage ?? makeMemoryStorage()
  const random = makeSeededRandom(seed)
  const network = makeNetwork(clock, twin, person)
  const log: string[] = []
  const renewals = { plain: 0, forced: 0 }
  const profile = profiles.get(storage) ?? { locks: makeMemoryLocks(), buses: new Map() }
  profiles.set(storage, profile)
  const bus = profile.buses.get(workspace) ?? new Set<(message: TabMessage) => void>()
  profile.buses.set(workspace, bus)
  let visible = true
  let cutOff = () => {}

  const start = (): SyncEngine => {
    const connectivity = makeSubject<ConnectivityEvent | null>(null)
    const signedIn = makeSubject<boolean | null>(null)
    let alive = true
    // A crashed page neither writes, nor calls, nor hears anything more.
    const never = new Promise<never>(() => {})
    const whileAlive = async <T>(call: () => Promise<T>): Promise<T> => {
      if (!alive) return never
      const answer = await call()
      return alive ? answer : never
    }
    const page = profile.locks.page()
    const hear = new Set<(message: TabMessage) => void>()
    const ports: SyncPorts = {
      clock: { now: clock.now, after: (delay, run) => clock.after(delay, () => alive && run()) },
      random,
      server: {
        push: (operations, signal) => whileAlive(() => network.server.push(operations, signal)),
        pull: (cursors, signal) => whileAlive(() => network.server.pull(cursors, signal)),
      },
      live: network.live,
      session: {
        async renew(force) {
          renewals[force ? 'forced' : 'plain']++
          return device.renewal
        },
        subscribe: (listener) => signedIn.subscribe((value) => alive && value !== null && listener(value)),
      },
      connectivity: {
        online: () => network.state !== 'cut',
        visible: () => visible,
        subscribe: (listener) => connectivity.subscribe((event) => alive && event && listener(event)),
      },
      storage: {
        async open(id) {
          const stored = await whileAlive(() => storage.open(id))
          return {
            read: () => whileAlive(stored.read),
            write: (batch) => whileAlive(() => stored.write(batch)),
            compact: (encode) => whileAlive(() => stored.compact(encode)),
            advance: (next) => whileAlive(() => stored.advance(next)),
            replace: (batch, generation) => whileAlive(() => stored.replace(batch, generation)),
            close: stored.close,
          }
        },
        unsent: () => whileAlive(storage.unsent),
        mark: (mark) => whileAlive(() => storage.mark(mark)),
        unmark: (marks) => whileAlive(() => storage.unmark(marks)),
        places: () => whileAlive(storage.places),
        notePlaces: (places) => whileAlive(() => storage.notePlaces(places)),
      },
      tabs: {
        post(message) {
          for (const listener of bus)
            if (!hear.has(listener)) clock.after(0, () => listener(structuredClone(message)))
        },
        subscribe(listener) {
          hear.add(listener)
          bus.add(listener)
          return () => bus.delete(listener)
        },
      },
      locks: alone ? null : page.locks,
      log: (line) => void log.push(line),
    }
    const made = makeSyncEngine(ports, { workspaceId: workspace })
    cutOff = () => {
      alive = false
      for (const listener of hear) bus.delete(listener)
      page.end()
    }
    tell = (event) => {
      if (event === 'hidden' || event === 'visible') visible = event === 'visible'
      connectivity.set(null)
      connectivity.set(event)
    }
    sign = (value) => {
      signedIn.set(null)
      signedIn.set(value)
    }
    engine = made
    return made
  }

  let engine: SyncEngine
  let tell = (_event: ConnectivityEvent) => {}
  let sign = (_signedIn: boolean) => {}
  const device: Device = {
    storage,
    network,
    get engine() {
      return engine
    },
    renewal: 'ready',
    renewals,
    log,
    tell: (event) => tell(event),
    sign: (signedIn) => sign(signedIn),
    crash: () => cutOff(),
    start,
  }
  engine = start()
  return device
}
