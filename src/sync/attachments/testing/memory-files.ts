/** A device's files in memory, with faults to be switched on: they outlive the pages that are opened over them. */
import { StorageError } from '../../ports.ts'
import { allPlaces, type FileStore, type HeldFile } from '../file-ports.ts'

export interface MemoryFiles extends FileStore {
  fault: StorageError['reason'] | null
  /** Bytes that fit, of all files together. */
  room: number
  spoil(sha256: string): void
}

export function makeMemoryFiles(): MemoryFiles {
  const records = new Map<string, HeldFile>()
  const contents = new Map<string, Uint8Array<ArrayBuffer>>()

  const meet = async () => {
    // As real storage, it never answers within the same tick.
    await Promise.resolve()
    if (store.fault) throw new StorageError(store.fault, 'the store was told to fail')
  }
  const held = () => [...contents.values()].reduce((sum, { length }) => sum + length, 0)

  const store: MemoryFiles = {
    fault: null,
    room: Infinity,
    async list() {
      await meet()
      return structuredClone([...records.values()])
    },
    async read(sha256) {
      await meet()
      return contents.get(sha256)?.slice() ?? null
    },
    async put(file, bytes) {
      await meet()
      const isNew = !contents.has(file.sha256)
      if (isNew && held() + bytes.length > store.room) throw new StorageError('full', 'no room left')
      const places = allPlaces(records.get(file.sha256)?.places, file.places)
      records.set(file.sha256, structuredClone({ ...file, places }))
      if (isNew) contents.set(file.sha256, bytes.slice())
    },
    async change(sha256, change) {
      await meet()
      const file = records.get(sha256)
      if (!file) return null
      records.set(sha256, structuredClone(change(file)))
      return records.get(sha256) ?? null
    },
    async remove(files) {
      await meet()
      for (const sha256 of files) {
        records.delete(sha256)
        contents.delete(sha256)
      }
    },
    spoil(sha256) {
      contents.get(sha256)?.set([255], 0)
    },
    close() {},
  }
  return store
}
