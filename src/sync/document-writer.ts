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
  type Revision,
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
  /**
   * What the device held; called again when the storage was opened or read again. `corrupt`: a part was unreadable.
   * `replaced`: it is of an older generation, and the document is to be put in its place.
   */
  absorb(content: StoredContent): 'whole' | 'corrupt' | 'replaced'
  absorbUnseen(updates: readonly Uint8Array[]): void
  encode(): Uint8Array
  /** Null while another tab leads: how far the log is stored is then for that one to say. [T4] */
  position(): SyncRecord | null
  readonly generation: number
  /** It is noted on this device that something here is unsent; resolves when that is durable. [D7] */
  marked(): Promise<void>
  /** Everything up to now is on the device. */
  written(): void
}

export interface DocumentWriter {
  /** How far storage surely is; null when that is not known. */
  readonly stored: SyncRecord | null
  readonly health: SyncState['storage']
  /** Reads the local copy. Resolves when it is read, or when it turned out that it cannot be read now. */
  open(): Promise<void>
  add(update: Uint8Array): void
  /** Position or journal changed. */
  touch(): void
  settle(changes: readonly Revision[]): void
  setAside(updates: readonly SetAside[]): void
  /** Starts writing at once; resolves when everything up to now is written or has failed. */
  flush(): Promise<void>
  /** As `flush`, without waiting for what is being written: the page may end with this task. [D3] */
  flushNow(): Promise<void>
  /** Opens a failed storage again now. */
  reopen(): Promise<void>
  /** Reads again what siblings may have written. */
  reread(): Promise<void>
  /** Writes nothing until `resume`; resolves when nothing is being written. */
  pause(): Promise<void>
  resume(): void
  /** Puts the document's present state in place of everything stored; at once, or when the storage is back. */
  replace(): Promise<void>
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
  let settled: Revision[] = []
  let aside: SetAside[] = []
  let dirty = false
  // The record that storage surely holds. One that did not change is left out: merging it means reading first, and a
  // transaction that waits for a read does not outlive its page. [D3]
  let held: SyncRecord | null = null
  let records = 0
  let owesReplacement = false
  let paused = false
  let underWay = 0
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
      await absorbFrom(opened)
      if (failedOnce && !owesReplacement) await writeWhole(opened)
      store = opened
      health = 'ok'
      onChange()
      if (owesReplacement) await putInPlace()
      if (dirty) await flush()
      else scheduleCompaction()
    } catch (error) {
      opened?.close()
      fail(error)
    }
  }

  const absorbFrom = async (from: StoredDocument) => {
    const content = await from.read()
    held = content.sync
    const found = document.absorb(content)
    if (found === 'replaced') owesReplacement = true
    // What cannot be read is not kept: a compaction soon leaves only what can.
    records = found === 'whole' ? content.updates.length : COMPACT_ABOVE + 1
  }

  /** What the failed storage still holds is not known, so everything is written. */
  const writeWhole = async (to: StoredDocument) => {
    dirty = true
    if (document.position() === null) {
      updates = [document.encode()]
      return
    }
    await to.compact((unseen) => {
      // What is edited from here on is not in this state, and stays queued.
      updates = []
      return encodeWith(unseen)
    })
    records = 1
  }

  const putInPlace = async () => {
    const sync = document.position()
    if (!store || sync === null) return
    const pending = document.pending.entries().map(({ record }) => record)
    const batch = { updates: [document.encode()], sync, pending, settled: [], setAside: aside }
    updates = []
    settled = []
    aside = []
    try {
      await store.replace(batch, document.generation)
      held = sync
      records = 1
      owesReplacement = false
      document.pending.stored(pending)
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
    if (records <= COMPACT_ABOVE || document.position() === null) return
    cancelCompaction = clock.after(COMPACT_AFTER, () => void flush().then(compact))
  }

  const compact = async () => {
    if (!store || closed || document.position() === null) return
    try {
      await store.compact(encodeWith)
      records = 1
    } catch (error) {
      fail(error)
    }
  }

  const takeBatch = (): StorageBatch => {
    const position = document.position()
    const moved = position !== null && !sameRecord(held, position)
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
    if (!to || !dirty || paused) return false
    const batch = takeBatch()
    underWay++
    try {
      await Promise.all([to.write(batch), batch.pending.length > 0 ? document.marked() : null])
      if (batch.sync) held = batch.sync
      records += batch.updates.length
      // What was settled while it was being written is not to stay.
      settle(document.pending.stored(batch.pending))
      if (underWay === 1 && updates.length === 0) document.written()
      onChange()
    } catch (error) {
      updates = [...batch.updates, ...updates]
      settled = [...batch.settled, ...settled]
      aside = [...batch.setAside, ...aside]
      dirty = true
      // Another batch may have failed before it, and the storage be open again.
      if (store === to) fail(error)
    } finally {
      underWay--
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

  const settle = (changes: readonly Revision[]) => {
    if (changes.length === 0) return
    settled.push(...changes)
    touch()
  }

  return {
    get stored() {
      return held
    },
    get health() {
      return health
    },
    open: attach,
    add(update) {
      updates.push(update)
      touch()
    },
    touch,
    settle,
    setAside(more) {
      aside.push(...more)
      touch()
    },
    flush,
    async flushNow() {
      paused = false
      // What a running transaction does not hold would wait for its end, which a closing page does not see.
      if (writing) await writeBatch()
      await flush()
    },
    async reopen() {
      if (failedOnce && store === null && cancelRetry !== null) await attach()
    },
    async reread() {
      const from = store
      if (!from) return attach()
      try {
        await absorbFrom(from)
        if (owesReplacement) await putInPlace()
        if (dirty) await flush()
      } catch (error) {
        if (store === from) fail(error)
      }
    },
    async pause() {
      paused = true
      await writing
    },
    resume() {
      paused = false
      if (dirty) void flush()
    },
    async replace() {
      await flush()
      owesReplacement = true
      await putInPlace()
    },
    forget() {
      updates = []
      settled = []
      held = null
    },
    async close() {
      // What was edited while the document was being opened goes to the device before it is closed.
      await attaching
      paused = false
      await flush()
      closed = true
      cancelRetry?.()
      cancelCompaction?.()
      store?.close()
      store = null
    },
  }
}
