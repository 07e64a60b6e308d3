/**
 * Writes one document to the device. Everything of a tick goes in one transaction, and with it whatever speaks of it:
 * position in the log, journal of pending changes. [D4] When the storage fails the document goes
 * on in memory, says so, and the storage is opened again every thirty seconds and whenever the page comes back;
 * then the whole document is written, since what the failed storage still holds cannot be known.
 */
import { openInTime } from './open-in-time.ts'
import type { PendingChanges } from './pending-changes.ts'
import {
  StorageError,
  type Clock,
  type DocumentStorage,
  type PendingRecord,
  type SetAside,
  type StorageBatch,
  type StoredContent,
  type StoredDocument,
  type SyncRecord,
} from './ports.ts'
import type { SyncState } from './sync-state.ts'
import { sameRecord } from './storage/merge-records.ts'
import { mergeInGroups } from './update-ranges.ts'

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
  /** As `flush`, without waiting for what is being written: the page may end with this task. [D3] */
  flushNow(): Promise<void>
  /** Opens a failed storage again now. */
  reopen(): Promise<void>
  /** Puts the document's present state in place of everything stored. */
  replace(settled: readonly string[]): Promise<void>
  /** A sibling has put another state in place of everything stored: nothing that waits here belongs to it. */
  forget(): void
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
  const inWriting = new Set<PendingRecord>()
  let attaching: Promise<void> | null = null
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

  const attach = (): Promise<void> => {
    attaching ??= readAll().finally(() => {
      attaching = null
    })
    return attaching
  }

  const readAll = async (): Promise<void> => {
    cancelRetry?.()
    cancelRetry = null
    let opened: StoredDocument | null = null
    try {
      opened = await openInTime(clock, storage, document.id)
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
      opened?.close()
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
    const moved = !sameRecord(held, position)
    const pending = document.pending.unwritten().filter((record) => !inWriting.has(record))
    for (const record of pending) inWriting.add(record)
    // An edit of this person is nowhere else yet: its transaction waits for nothing, and the record comes after it.
    const alone = pending.length > 0
    const batch: StorageBatch = {
      updates: mergeInGroups(updates),
      ...(moved && !alone ? { sync: position } : {}),
      pending,
      settled,
      setAside: aside,
    }
    updates = []
    settled = []
    aside = []
    dirty = moved && alone
    return batch
  }

  /** True when there was something to write, and so may be more. */
  const writeBatch = async (): Promise<boolean> => {
    const to = store
    if (!to || !dirty) return false
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
      // Another batch may have failed before it, and the storage be open again.
      if (store === to) fail(error)
    } finally {
      for (const record of batch.pending) inWriting.delete(record)
    }
    return true
  }

  const writeAll = async () => {
    // Never ends before its promise is known as the running one.
    await Promise.resolve()
    while (await writeBatch()) {
      // What was added meanwhile is the next batch.
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
    async flushNow() {
      // What a running transaction does not hold would wait for its end, which a closing page does not see.
      if (writing) await writeBatch()
      await flush()
    },
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
    forget() {
      updates = []
      settled = []
      held = null
    },
    async close() {
      // What was edited while the document was being opened goes to the device before it is closed.
      await attaching
      await flush()
      closed = true
      cancelRetry?.()
      cancelCompaction?.()
      store?.close()
      store = null
    },
  }
}
