/** A device's storage in memory, with faults to be switched on: it outlives the engines that are opened over it. */
import {
  STORAGE_FORMAT,
  StorageError,
  type DocumentStorage,
  type KeptPlace,
  type PendingRecord,
  type StorageBatch,
  type StoredContent,
  type StoredDocument,
  type ToldRecord,
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
  /** Closes every open document under the hands of who holds it, as a browser may. */
  takeAway(): void
}

interface Shelf {
  updates: { place: number; bytes: Uint8Array }[]
  pending: Map<string, PendingRecord>
  told: Map<string, ToldRecord>
  content: Omit<StoredContent, 'updates' | 'pending' | 'told'>
  next: number
}

const nothing = { sync: null, setAside: [], generation: 0, format: STORAGE_FORMAT }

const contentOf = ({ updates, pending, told, content }: Shelf): StoredContent => ({
  ...content,
  ...(told.size > 0 ? { told: [...told.values()] } : {}),
  pending: [...pending.values()],
  updates: updates.map(({ bytes }) => bytes),
})

export function makeMemoryStorage(): MemoryStorage {
  const shelves = new Map<string, Shelf>()
  const marks = new Map<string, UnsentMark>()
  const places = new Map<string, KeptPlace>()
  let transactions = 0
  const written: StorageBatch[] = []
  const handles = new Set<() => void>()

  const shelf = (id: string): Shelf => {
    const found = shelves.get(id) ?? {
      updates: [],
      pending: new Map(),
      told: new Map(),
      content: nothing,
      next: 1,
    }
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
    for (const record of batch.pending) {
      if (record.rev >= (at.pending.get(record.id)?.rev ?? 0)) at.pending.set(record.id, record)
    }
    for (const { id, rev } of batch.settled) {
      if ((at.pending.get(id)?.rev ?? Infinity) <= rev) at.pending.delete(id)
    }
    for (const record of batch.told ?? []) at.told.set(record.id, record)
    for (const id of batch.untold ?? []) at.told.delete(id)
    at.content = {
      ...at.content,
      sync: batch.sync ? mergeRecords(at.content.sync, batch.sync) : at.content.sync,
      setAside: [...at.content.setAside, ...batch.setAside],
    }
    transactions++
  }

  const makeStored = (id: string): StoredDocument => {
    let lastSeen = 0
    let closed = false
    let tellLost = () => {}
    const lose = () => {
      if (!closed) tellLost()
      closed = true
    }
    handles.add(lose)
    const at = async () => {
      await meet()
      if (closed) throw new StorageError('unavailable', `${id} is closed`)
      return shelf(id)
    }
    return {
      async read() {
        const found = await at()
        lastSeen = found.updates.at(-1)?.place ?? lastSeen
        return structuredClone(contentOf(found))
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
        const bytes = encode(unseen)
        if (bytes) found.updates = [{ place: lastSeen, bytes }]
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
      async replace(batch, generation) {
        const found = await at()
        found.updates = []
        found.pending.clear()
        found.told.clear()
        found.content = { ...nothing, generation }
        put(found, structuredClone(batch))
      },
      onLost(listener) {
        tellLost = listener
      },
      close() {
        closed = true
        handles.delete(lose)
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
    content: (id) => contentOf(shelf(id)),
    spoil(id, change) {
      const { updates, pending, told = [], ...content } = change(storage.content(id))
      const at = shelf(id)
      at.told = new Map(told.map((record) => [record.id, record]))
      at.content = content
      at.pending = new Map(pending.map((record) => [record.id, record]))
      at.updates = updates.map((bytes) => ({ place: at.next++, bytes }))
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
    takeAway() {
      const open = [...handles]
      handles.clear()
      for (const lose of open) lose()
    },
    wipe() {
      places.clear()
      shelves.clear()
      marks.clear()
    },
  }
  return storage
}
