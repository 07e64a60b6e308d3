/** A device's storage in memory, with faults to be switched on: it outlives the engines that are opened over it. */
import {
  StorageError,
  type DocumentStorage,
  type KeptPlace,
  type StorageBatch,
  type StoredContent,
  type StoredDocument,
  type UnsentMark,
} from '../ports.ts'
import { mergeRecords } from '../storage/merge-records.ts'

export interface MemoryStorage extends DocumentStorage {
  /** What every call meets from now on; `frozen` opens, and then no transaction ends. */
  fault: StorageError['reason'] | 'blocked' | 'frozen' | null
  /** Transactions completed so far. */
  readonly transactions: number
  /** What they were asked to write, in order. */
  readonly written: readonly StorageBatch[]
  /** The stored content, to look at or to spoil. */
  content(documentId: string): StoredContent
  spoil(documentId: string, change: (content: StoredContent) => StoredContent): void
  readonly marks: readonly UnsentMark[]
  wipe(): void
}

interface Shelf {
  updates: { place: number; bytes: Uint8Array }[]
  content: StoredContent
  next: number
}

const nothing: StoredContent = { updates: [], sync: null, pending: [], setAside: [] }

export function makeMemoryStorage(): MemoryStorage {
  const shelves = new Map<string, Shelf>()
  const marks = new Map<string, UnsentMark>()
  const places = new Map<string, KeptPlace>()
  let transactions = 0
  const written: StorageBatch[] = []

  const shelf = (id: string): Shelf => {
    const found = shelves.get(id) ?? { updates: [], content: nothing, next: 1 }
    shelves.set(id, found)
    return found
  }

  const meet = async (opening = false) => {
    // As real storage, it never answers within the same tick.
    await Promise.resolve()
    if (opening && storage.fault === 'frozen') return
    if (storage.fault === 'blocked' || storage.fault === 'frozen') await new Promise(() => {})
    else if (storage.fault) throw new StorageError(storage.fault, 'the storage was told to fail')
  }

  const put = (at: Shelf, batch: StorageBatch) => {
    for (const bytes of batch.updates) at.updates.push({ place: at.next++, bytes })
    const settled = new Set(batch.settled)
    const pending = new Map(at.content.pending.map((record) => [record.id, record]))
    for (const record of batch.pending) pending.set(record.id, record)
    at.content = {
      updates: [],
      sync: batch.sync ? mergeRecords(at.content.sync, batch.sync) : at.content.sync,
      pending: [...pending.values()].filter(({ id }) => !settled.has(id)),
      setAside: [...at.content.setAside, ...batch.setAside],
    }
    transactions++
  }

  const makeStored = (id: string): StoredDocument => {
    let lastSeen = 0
    let closed = false
    const at = async () => {
      await meet()
      if (closed) throw new StorageError('unavailable', `${id} is closed`)
      return shelf(id)
    }
    return {
      async read() {
        const found = await at()
        lastSeen = found.updates.at(-1)?.place ?? lastSeen
        return structuredClone({ ...found.content, updates: found.updates.map(({ bytes }) => bytes) })
      },
      async write(batch) {
        const found = await at()
        written.push(batch)
        put(found, structuredClone(batch))
      },
      async compact(encode) {
        const found = await at()
        const unseen = found.updates.filter(({ place }) => place > lastSeen).map(({ bytes }) => bytes)
        lastSeen = found.next++
        found.updates = [{ place: lastSeen, bytes: encode(unseen) }]
        transactions++
      },
      async advance(next) {
        const found = await at()
        const batch = next(structuredClone(found.content.sync))
        if (batch) {
          written.push(batch)
          put(found, structuredClone(batch))
          if (batch.sync) found.content = { ...found.content, sync: structuredClone(batch.sync) }
        }
        return found.updates.length
      },
      async replace(batch) {
        const found = await at()
        found.updates = []
        found.content = nothing
        put(found, structuredClone(batch))
      },
      close() {
        closed = true
      },
    }
  }

  const storage: MemoryStorage = {
    fault: null,
    get transactions() {
      return transactions
    },
    written,
    async open(id) {
      await meet(true)
      return makeStored(id)
    },
    content: (id) => ({ ...shelf(id).content, updates: shelf(id).updates.map(({ bytes }) => bytes) }),
    spoil(id, change) {
      const changed = change(storage.content(id))
      const at = shelf(id)
      at.content = { ...changed, updates: [] }
      at.updates = changed.updates.map((bytes) => ({ place: at.next++, bytes }))
    },
    get marks() {
      return [...marks.values()]
    },
    async unsent() {
      await meet()
      return [...marks.values()]
    },
    async mark(mark) {
      await meet()
      marks.set(`${mark.doc} ${mark.tab}`, mark)
    },
    async unmark(gone) {
      await meet()
      for (const { doc, tab } of gone) marks.delete(`${doc} ${tab}`)
    },
    async places() {
      await meet()
      return [...places.values()]
    },
    async notePlaces(noted) {
      await meet()
      for (const place of noted) places.set(place.doc, place)
    },
    wipe() {
      places.clear()
      shelves.clear()
      marks.clear()
    },
  }
  return storage
}
