/** Devices with files over memory ports, on one virtual clock, before one server. A tab can crash at any call. */
import { attachments } from '../../../domain/collections/attachments.ts'
import { createEntity, entityMap, writeFields } from '../../collection-map.ts'
import { makeSubject, type Subject } from '../../observable.ts'
import type { ConnectivityEvent } from '../../ports.ts'
import { makeMemoryEngine, type MemoryEngine } from '../../testing/memory-engine.ts'
import { makeMemoryLocks } from '../../testing/memory-locks.ts'
import { makeSeededRandom } from '../../testing/seeded-random.ts'
import { makeVirtualClock, type VirtualClock } from '../../testing/virtual-clock.ts'
import type { FileNews, FilePorts, UploadPolicy } from '../file-ports.ts'
import { makeFiles, type Files } from '../files.ts'
import { makeFileServerTwin, type FileServerTwin } from './file-server-twin.ts'
import { makeMemoryFiles, type MemoryFiles } from './memory-files.ts'

type Bytes = Uint8Array<ArrayBuffer>

export const workspace = '0b9c8f6e-3d52-4a1f-9d55-0d5a6b1c2e3f'
export const board = `ws/${workspace}/board/main`

export interface FileTab {
  readonly files: Files
  readonly policy: Subject<UploadPolicy>
  readonly metered: Subject<boolean | null>
  /** Calls of store and server so far. */
  readonly steps: number
  tell(event: ConnectivityEvent): void
  /** Nothing of it runs any more. */
  crash(): void
}

interface FileDevice {
  readonly store: MemoryFiles
  /** Documents outlive tabs; pending changes and connection are set by hand. */
  readonly engine: MemoryEngine
  /** A page that crashes by itself at its n-th call of store or server. */
  tab(crashAt?: number): FileTab
}

export interface FileScene {
  readonly clock: VirtualClock
  readonly server: FileServerTwin
  device(): FileDevice
}

export function makeFileScene(): FileScene {
  const clock = makeVirtualClock()
  const server = makeFileServerTwin(clock)
  return { clock, server, device: () => makeFileDevice(clock, server) }
}

function makeFileDevice(clock: VirtualClock, server: FileServerTwin): FileDevice {
  const store = makeMemoryFiles()
  const engine = makeMemoryEngine()
  const locks = makeMemoryLocks()
  const listeners = new Set<(news: FileNews) => void>()
  return {
    store,
    engine,
    tab(crashAt = Infinity) {
      const page = locks.page()
      const policy = makeSubject<UploadPolicy>({ paused: false, wifiOnly: false })
      const metered = makeSubject<boolean | null>(null)
      const events = makeSubject<ConnectivityEvent | null>(null)
      const heard = new Set<(news: FileNews) => void>()
      let alive = true
      let steps = 0
      const crash = () => {
        alive = false
        page.end()
        for (const listener of heard) listeners.delete(listener)
      }
      // A crashed page neither writes, nor calls, nor hears anything more.
      const whileAlive = async <T>(call: () => Promise<T>): Promise<T> => {
        if (alive && ++steps >= crashAt) crash()
        if (!alive) return new Promise<never>(() => {})
        const answer = await call().then(
          (value) => () => value,
          (error: unknown) => () => {
            throw error
          },
        )
        return alive ? answer() : new Promise<never>(() => {})
      }
      const guarded = <T extends object>(port: T): T =>
        new Proxy(port, {
          get(target, name) {
            const member: unknown = Reflect.get(target, name)
            if (typeof member !== 'function' || name === 'close') return member
            return (...given: unknown[]) =>
              whileAlive(async () => Reflect.apply(member, target, given) as Promise<unknown>)
          },
        })
      const ports: FilePorts = {
        clock: { now: clock.now, after: (delay, run) => clock.after(delay, () => alive && run()) },
        random: makeSeededRandom(1),
        locks: {
          hold: async (...given) => (alive ? page.locks.hold(...given) : new Promise<never>(() => {})),
          holdIfFree: async (...given) => alive && page.locks.holdIfFree(...given),
        },
        connectivity: {
          online: () => true,
          visible: () => true,
          subscribe: (listener) => events.subscribe((event) => alive && event && listener(event)),
        },
        store: guarded(store),
        server: guarded(server),
        policy,
        metered,
        bus: {
          post(news) {
            for (const listener of listeners) if (!heard.has(listener)) clock.after(0, () => listener(news))
          },
          subscribe(listener) {
            heard.add(listener)
            listeners.add(listener)
            return () => listeners.delete(listener)
          },
        },
        sha256: async (bytes) => standInHash(bytes),
      }
      return {
        files: makeFiles(ports, engine, workspace),
        policy,
        metered,
        get steps() {
          return steps
        },
        tell(event) {
          events.set(null)
          events.set(event)
        },
        crash,
      }
    },
  }
}

/** A stand-in, quick on many megabytes: a real hash would need time that the virtual clock does not have. */
export function standInHash(bytes: Bytes): string {
  const stride = Math.max(1, bytes.length >> 12)
  let words = ''
  for (let word = 0; word < 8; word++) {
    let mixed = 0x811c9dc5 ^ word ^ bytes.length
    for (let at = 0; at < bytes.length; at += stride) mixed = Math.imul(mixed ^ (bytes[at] ?? 0), 0x01000193)
    words += (mixed >>> 0).toString(16).padStart(8, '0')
  }
  return words
}

export const live = { kind: 'live', since: 0 } as const
export const offline = { kind: 'offline', since: 0, nextTryAt: 0 } as const

export function someBytes(length: number, seed = 1): Bytes {
  const bytes = new Uint8Array(length)
  const pattern = makeSeededRandom(seed).bytes(997)
  for (let at = 0; at < length; at += pattern.length) bytes.set(pattern.subarray(0, length - at), at)
  return bytes
}

let made = 0

/** Adds a file as a screen does: the bytes first, then the fact. */
export async function attach(
  { files }: Pick<FileTab, 'files'>,
  engine: MemoryEngine,
  bytes: Bytes,
  doc = board,
): Promise<string> {
  const sha256 = await files.keep(doc, bytes)
  const id = `01ARYZ6S41TSV4RRFFQ69${String(++made).padStart(5, '0')}`
  engine.open(doc).change({ collection: 'attachments', entity: id, fields: ['sha256'] }, (ydoc) =>
    createEntity(ydoc, attachments, id, {
      sha256,
      name: 'photo.jpg',
      mime: 'image/jpeg',
      bytes: bytes.length,
      created_at: made,
    }),
  )
  return id
}

export function markRemoved(engine: MemoryEngine, id: string, at: number | null, doc = board): void {
  engine.open(doc).change({ collection: 'attachments', entity: id, fields: ['deleted_at'] }, (ydoc) => {
    const map = entityMap(ydoc, attachments, id)
    if (map) writeFields(attachments, map, { deleted_at: at })
  })
}

export const onServer = (bytes: Bytes): string => `${workspace}/${standInHash(bytes)}`

/** By a walk of our own: a matcher takes minutes over many megabytes. */
export function isThere({ files }: FileServerTwin, bytes: Bytes): boolean {
  const held = files.get(onServer(bytes))
  return held?.length === bytes.length && held.every((byte, at) => byte === bytes[at])
}

export async function oneDevice() {
  const scene = makeFileScene()
  const device = scene.device()
  const tab = device.tab()
  tab.files.follow(board)
  await scene.clock.settle()
  /** The facts are sent, and the connection holds. */
  const goOnline = async () => {
    await device.engine.syncNow()
    device.engine.connection.set(live)
    await scene.clock.settle()
  }
  const states = () => tab.files.unsent.get().map(({ state }) => state)
  return { ...scene, scene, device, engine: device.engine, tab, goOnline, states }
}
