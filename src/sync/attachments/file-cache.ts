/**
 * The bytes of files: on the device, in memory where the device has no room or no storage [F9], from the server when
 * they are looked at. Whatever comes back is hashed before it is believed [F10]; what the server has may be dropped when
 * much else was used since, what it is not known to have never is [F6].
 */
import { StorageError } from '../ports.ts'
import type { FoundBytes } from './file-state.ts'
import { allPlaces, FileServerError, type FilePlace, type FilePorts, type HeldFile } from './file-ports.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Copies of what is on the server too, kept on the device. */
const MOST_COPIES = 200 * 1024 * 1024
/** Looking at a picture is noted this often at most. */
const USED_EVERY = 3_600_000

export interface FileCache {
  /** The records of the device are read. */
  readonly ready: Promise<void>
  held(): Iterable<HeldFile>
  /** The record of a file whose bytes are here. */
  find(sha256: string): HeldFile | null
  isInMemory(sha256: string): boolean
  keep(sha256: string, bytes: Bytes, place: FilePlace): Promise<void>
  note(sha256: string, place: Partial<FilePlace>): Promise<void>
  /** The bytes that are here, if they are what their name says. */
  bytesHere(sha256: string): Promise<Bytes | null>
  fetch(sha256: string, doc: string, signal: AbortSignal): Promise<FoundBytes>
  remove(files: readonly string[]): Promise<void>
  /** Another tab changed it. */
  reread(sha256: string): Promise<void>
  /** Writes down what had to stay in memory, now that it may fit. */
  moveToDevice(): Promise<void>
}

export function makeFileCache(ports: FilePorts, workspace: string, changed: () => void): FileCache {
  const { clock, store, server, bus } = ports
  const records = new Map<string, HeldFile>()
  const inMemory = new Map<string, Bytes>()
  const fetching = new Map<string, Promise<FoundBytes>>()

  const set = (sha256: string, file: HeldFile | null) => {
    if (file) records.set(sha256, file)
    else records.delete(sha256)
    changed()
  }

  const tell = (sha256: string, file: HeldFile | null) => {
    set(sha256, file)
    bus.post({ kind: 'held', sha256 })
  }

  const readAll = async () => {
    // Without a store everything stays in memory, which each file says of itself.
    const files = await store.list().catch(() => [])
    for (const file of files) if (!records.has(file.sha256)) records.set(file.sha256, file)
    changed()
  }

  const isSafe = ({ places }: HeldFile) =>
    Object.values(places).every(({ confirmedAt }) => confirmedAt !== null)

  const makeRoom = async (most: number) => {
    const copies = [...records.values()]
      .filter((file) => isSafe(file) && !inMemory.has(file.sha256))
      .sort((a, b) => b.usedAt - a.usedAt)
    let kept = 0
    const dropped = copies.filter(({ bytes }) => (kept += bytes) > most).map(({ sha256 }) => sha256)
    if (dropped.length === 0) return false
    await store.remove(dropped)
    for (const sha256 of dropped) tell(sha256, null)
    return true
  }

  const write = async (file: HeldFile, bytes: Bytes) => {
    try {
      await store.put(file, bytes)
    } catch (error) {
      // Copies that can be fetched again go first.
      const full = error instanceof StorageError && error.reason === 'full'
      if (!full || !(await makeRoom(0).catch(() => false))) throw error
      await store.put(file, bytes)
    }
    await makeRoom(MOST_COPIES).catch(() => false)
  }

  const cache: FileCache = {
    ready: readAll(),
    held: () => records.values(),
    find: (sha256) => records.get(sha256) ?? null,
    isInMemory: (sha256) => inMemory.has(sha256),

    async keep(sha256, bytes, place) {
      const before = records.get(sha256)
      const known = before?.places[workspace]
      const confirmedAt = place.confirmedAt ?? known?.confirmedAt ?? null
      const here = { upload: null, ...known, docs: place.docs, confirmedAt }
      const places = allPlaces(before?.places, { [workspace]: here })
      const file = { sha256, bytes: bytes.length, usedAt: clock.now(), places }
      try {
        await write(file, bytes)
        inMemory.delete(sha256)
      } catch {
        // A copy of what the server has needs no place here; what it has not must outlive this call.
        if (confirmedAt !== null) return
        inMemory.set(sha256, bytes)
      }
      tell(sha256, file)
    },

    async note(sha256, patch) {
      const apply = (file: HeldFile): HeldFile => {
        const known = file.places[workspace]
        return known ? { ...file, places: { ...file.places, [workspace]: { ...known, ...patch } } } : file
      }
      const file = records.get(sha256)
      if (!file) return
      if (inMemory.has(sha256)) {
        tell(sha256, apply(file))
        // Safe now, and no longer in need of this page.
        if (patch.confirmedAt) inMemory.delete(sha256)
        return
      }
      // Known in this tab at least, where the device takes no writing now.
      tell(sha256, await store.change(sha256, apply).catch(() => apply(file)))
    },

    async bytesHere(sha256) {
      const kept = inMemory.get(sha256)
      if (kept) return kept
      if (!records.has(sha256)) return null
      const bytes = await store.read(sha256).catch(() => null)
      if (bytes === null || (await ports.sha256(bytes)) !== sha256) return null
      const used = (file: HeldFile) => ({ ...file, usedAt: clock.now() })
      if (clock.now() - (records.get(sha256)?.usedAt ?? 0) > USED_EVERY) {
        const noted = await store.change(sha256, used).catch(() => null)
        if (noted) records.set(sha256, noted)
      }
      return bytes
    },

    fetch(sha256, doc, signal) {
      const under = fetching.get(sha256)
      if (under) return under
      const fetched = fetchOnce(sha256, doc, signal).finally(() => fetching.delete(sha256))
      fetching.set(sha256, fetched)
      return fetched
    },

    async remove(files) {
      for (const sha256 of files) inMemory.delete(sha256)
      await store.remove(files)
      for (const sha256 of files) tell(sha256, null)
    },

    async reread(sha256) {
      if (inMemory.has(sha256)) return
      set(sha256, await store.change(sha256, (file) => file).catch(() => records.get(sha256) ?? null))
    },

    async moveToDevice() {
      for (const [sha256, bytes] of inMemory) {
        const file = records.get(sha256)
        if (!file) continue
        try {
          await write(file, bytes)
        } catch {
          return
        }
        inMemory.delete(sha256)
        tell(sha256, file)
      }
    },
  }

  const fetchOnce = async (sha256: string, doc: string, signal: AbortSignal): Promise<FoundBytes> => {
    await cache.ready
    const here = await cache.bytesHere(sha256)
    if (here) return { kind: 'found', bytes: here }
    try {
      const bytes = await server.download(workspace, sha256, signal)
      if ((await ports.sha256(bytes)) !== sha256) return { kind: 'damaged' }
      // What is under this name here was not these bytes.
      if (records.has(sha256)) await store.remove([sha256]).catch(() => {})
      await cache.keep(sha256, bytes, { docs: [doc], confirmedAt: clock.now(), upload: null })
      return { kind: 'found', bytes }
    } catch (error) {
      const reason = error instanceof FileServerError ? error.reason : 'unreachable'
      if (reason === 'gone') return { kind: 'nowhere' }
      return reason === 'refused' ? { kind: 'refused' } : { kind: 'unreachable' }
    }
  }

  return cache
}
