/**
 * Writes one document to the device. Everything of a tick goes in one transaction, and with it whatever speaks of it:
 * position in the log, journal of pending changes. [D4] When the storage fails the document goes
 * on in memory, says so, and the storage is opened again every thirty seconds and whenever the page comes back;
 * then the whole document is written, since what the failed storage still holds cannot be known.
 */
import { inTime } from './in-time.ts'
import type { PendingChanges } from './pending-changes.ts'
import {
  StorageError,
  type Clock,
  type DocumentStorage,
  type SetAside,
  type StorageBatch,
  type StoredContent,
  type StoredDocument,
  type SyncRecord,
} from './ports.ts'
import type { SyncState } from './sync-state.ts'
import { sameRecord } from './storage/merge-records.ts'
import { mergeInGroups } from './update-ranges.ts'

const OPEN_TIMEOUT = 5_000
const RETRY_AFTER = 30_000
const COMPACT_ABOVE = 200
const COMPACT_AFTER = 2_000

/** What the writer asks of its document. */
export interface WrittenDocument {
  readonly id: string
  readonly pending: PendingChanges
  /** What the device held; called again when the storage was opened again. False when a part was unreadable. */
  absorb(content: StoredContent): boolean
  absorbUnseen(updates: readonly Uint8Array[]): void
  encode(): Uint8Array
  position(): SyncRecord
}

export interface DocumentWriter {
  readonly health: SyncState['storage']
  /** Reads the local copy. Resolves when it is read, or when it turned out that it cannot be read now. */
  open(): Promise<void>
  add(update: Uint8Array): void
  /** Position or journal changed. */
  touch(): void
  settle(ids: readonly string[]): void
  setAside(updates: readonly SetAside[]): void
  /** Starts writing at once; resolves when everything up to now is written or has failed. */
  flush(): Promise<void>
  /** Opens a failed storage again now. */
  reopen(): Promise<void>
  /** Puts the document's present state in place of everything stored. */
  replace(settled: readonly string[]): Promise<void>
  close(): Promise<void>
}

export function makeDocumentWriter(
  clock: Clock,
  storage: DocumentStorage,
  document: WrittenDocument,
  onChange: () => void,
): DocumentWriter {
  let store: StoredDocument | null = null
  let health: SyncState['storage'] = 'ok'
  let failedOnce = false
  let closed = false
  let updates: Uint8Array[] = []
  let settled: string[] = []
  let aside: SetAside[] = []
  let dirty = false
  // The record that storage surely holds. One that did not change is left out: merging it means reading first, and a
  // transaction that waits for a read does not outlive its page. [D3]
  let held: SyncRecord | null = null
  let records = 0
  let writing: Promise<void> | null = null
  let cancelFlush: (() => void) | null = null
  let cancelRetry: (() => void) | null = null
  let cancelCompaction: (() => void) | null = null

  const fail = (error: unknown) => {
    if (closed) return
    held = null
    health = error instanceof StorageError && error.reason === 'full' ? 'full' : 'memory-only'
    failedOnce = true
    store?.close()
    store = null
    if (health === 'memory-only') document.pending.unstore()
    cancelCompaction?.()
    cancelRetry?.()
    cancelRetry = clock.after(RETRY_AFTER, () => void attach())
    onChange()
  }

  const attach = async (): Promise<void> => {
    cancelRetry?.()
    cancelRetry = null
    try {
      const opened = await openInTime(clock, storage, document.id)
      if (closed) return opened.close()
      const content = await opened.read()
      held = content.sync
      // What cannot be read is not kept: a compaction soon leaves only what can.
      records = document.absorb(content) ? content.updates.length : COMPACT_ABOVE + 1
      if (failedOnce) {
        await opened.compact((unseen) => {
          // What is edited from here on is not in this state, and stays queued.
          updates = []
          return encodeWith(unseen)
        })
        records = 1
        dirty = true
      }
      store = opened
      health = 'ok'
      onChange()
      if (dirty) await flush()
      else scheduleCompaction()
    } catch (error) {
      fail(error)
    }
  }

  const encodeWith = (unseen: readonly Uint8Array[]) => {
    document.absorbUnseen(unseen)
    return document.encode()
  }

  const scheduleCompaction = () => {
    cancelCompaction?.()
    if (records <= COMPACT_ABOVE) return
    cancelCompaction = clock.after(COMPACT_AFTER, () => void flush().then(compact))
  }

  const compact = async () => {
    if (!store || closed) return
    try {
      await store.compact(encodeWith)
      records = 1
    } catch (error) {
      fail(error)
    }
  }

  const takeBatch = (): StorageBatch => {
    const position = document.position()
    const batch: StorageBatch = {
      updates: mergeInGroups(updates),
      ...(sameRecord(held, position) ? {} : { sync: position }),
      pending: document.pending.unwritten(),
      settled,
      setAside: aside,
    }
    updates = []
    settled = []
    aside = []
    dirty = false
    return batch
  }

  const writeAll = async () => {
    // Never ends before its promise is known as the running one.
    await Promise.resolve()
    for (let to = store; dirty && to; to = store) {
      const batch = takeBatch()
      try {
        await to.write(batch)
        if (batch.sync) held = batch.sync
        records += batch.updates.length
        document.pending.stored(batch.pending)
        onChange()
      } catch (error) {
        updates = [...batch.updates, ...updates]
        settled = [...batch.settled, ...settled]
        aside = [...batch.setAside, ...aside]
        dirty = true
        fail(error)
      }
    }
    writing = null
    scheduleCompaction()
  }

  const flush = (): Promise<void> => {
    cancelFlush?.()
    cancelFlush = null
    writing ??= writeAll()
    return writing
  }

  const touch = () => {
    dirty = true
    if (store && !writing) cancelFlush ??= clock.after(0, () => void flush())
  }

  return {
    get health() {
      return health
    },
    open: attach,
    add(update) {
      updates.push(update)
      touch()
    },
    touch,
    settle(ids) {
      settled.push(...ids)
      touch()
    },
    setAside(more) {
      aside.push(...more)
      touch()
    },
    flush,
    async reopen() {
      if (failedOnce && store === null && cancelRetry !== null) await attach()
    },
    async replace(ids) {
      await flush()
      if (!store) return
      const batch = { ...takeBatch(), updates: [document.encode()], sync: document.position() }
      try {
        await store.replace({ ...batch, settled: [...batch.settled, ...ids] })
        held = batch.sync
        records = 1
      } catch (error) {
        dirty = true
        fail(error)
      }
    },
    async close() {
      await flush()
      closed = true
      cancelRetry?.()
      cancelCompaction?.()
      store?.close()
      store = null
    },
  }
}

/** A blocked database may never answer; a document must not wait for it longer than a person would. */
async function openInTime(clock: Clock, storage: DocumentStorage, id: string): Promise<StoredDocument> {
  const opening = storage.open(id)
  try {
    return await inTime(clock, OPEN_TIMEOUT, () => opening)
  } catch (error) {
    // One that opens after all must not block others.
    void opening.then((late) => late.close()).catch(() => {})
    throw error
  }
}
