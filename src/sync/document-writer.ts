/**
 * Writes one document to the device: everything of a tick in one transaction, and with it whatever speaks of it. When
 * the storage fails the document goes on in memory, says so, and opens it again, soon at first and then every thirty
 * seconds. [D4] What was lost is written whole, with its journal, in one transaction [D10]; a full one waits. [D11]
 */
import { compactStored, makeCompaction } from './compaction.ts'
import { openInTime } from './open-in-time.ts'
import {
  StorageError,
  type Clock,
  type DocumentStorage,
  type PendingRecord,
  type Revision,
  type StorageBatch,
  type StoredDocument,
  type SyncRecord,
} from './ports.ts'
import { sameRecord } from './storage/merge-records.ts'
import { makeWriteQueue } from './write-queue.ts'
import type { DocumentWriter, WrittenDocument } from './writer-contract.ts'

const RETRY_SOON = 2_000
const RETRY_AFTER = 30_000
const EMPTY_UPDATE = 2

export function makeDocumentWriter(
  clock: Clock,
  storage: DocumentStorage,
  document: WrittenDocument,
  onChange: () => void,
): DocumentWriter {
  let store: StoredDocument | null = null
  let health: DocumentWriter['health'] = 'ok'
  let failuresInARow = 0
  // What the storage holds is not known: all of the document is to be written.
  let lost = false
  let closed = false
  const queue = makeWriteQueue()
  let dirty = false
  // The record that storage surely holds. One that did not change is left out: merging it means reading first, and a
  // transaction that waits for a read does not outlive its page. [D3]
  let held: SyncRecord | null = null
  let owesReplacement = false
  let paused = false
  let underWay = 0
  let writing: Promise<void> | null = null
  const inWriting = new Set<PendingRecord>()
  let attaching: Promise<void> | null = null
  let cancelFlush: (() => void) | null = null
  let cancelRetry: (() => void) | null = null

  const lose = () => {
    lost = true
    queue.dropUpdates()
    document.pending.unstore()
  }

  const fail = (error: unknown) => {
    if (closed) return
    held = null
    health = error instanceof StorageError && error.reason === 'full' ? 'full' : 'memory-only'
    store?.close()
    store = null
    if (health === 'memory-only') lose()
    document.report(health === 'full' ? 'storage-full' : 'storage-lost')
    compaction.cancel()
    cancelRetry?.()
    const soon = failuresInARow++ === 0 && health === 'memory-only'
    cancelRetry = clock.after(soon ? RETRY_SOON : RETRY_AFTER, () => void attach())
    onChange()
  }

  /** What was written since it was opened is there: only now is the storage one to rely on. */
  const recover = () => {
    if (failuresInARow === 0) return
    failuresInARow = 0
    health = 'ok'
    document.report('storage-back')
    onChange()
  }

  const attach = (): Promise<void> => (attaching ??= readAll().finally(() => (attaching = null)))

  const readAll = async (): Promise<void> => {
    cancelRetry?.()
    cancelRetry = null
    let opened: StoredDocument | null = null
    try {
      opened = await openInTime(clock, storage, document.id)
      await absorbFrom(opened)
      const to = opened
      store = to
      to.onLost(() => store === to && fail(new StorageError('unavailable', `${document.id} was taken away`)))
      onChange()
      dirty ||= lost
      if (owesReplacement) await putInPlace()
      if (dirty) await flush()
      else compaction.rested()
      if (store === to) recover()
    } catch (error) {
      opened?.close()
      fail(error)
    }
  }

  const absorbFrom = async (from: StoredDocument) => {
    const content = await from.read()
    held = content.sync
    // Wiped while it was not open here, as when it was full: nobody was told. [D10]
    if (content.updates.length === 0 && document.encode().byteLength > EMPTY_UPDATE) lose()
    const pending = content.pending.filter((record) => !queue.isSettled(record))
    const found = document.absorb({ ...content, pending })
    if (found === 'replaced') owesReplacement = true
    // What cannot be read is not kept: a compaction soon leaves only what can.
    compaction.count(content.updates.length)
    if (found === 'corrupt') compaction.want()
  }

  const putInPlace = async () => {
    const sync = document.position()
    if (!store || sync === null) return
    const pending = document.pending.entries().map(({ record }) => record)
    const batch = { ...queue.take(), updates: [document.encode()], sync, pending, settled: [] }
    try {
      await store.replace(batch, document.generation)
      held = sync
      compaction.count(1)
      lost = false
      owesReplacement = false
      document.pending.stored(pending)
    } catch (error) {
      fail(error)
    }
  }

  const compact = async () => {
    if (!store || closed || document.position() === null) return
    try {
      if (await compactStored(store, document, () => dirty)) compaction.count(1)
    } catch (error) {
      fail(error)
    }
  }

  const compaction = makeCompaction(
    clock,
    () => document.position() !== null,
    () => void flush().then(compact),
  )

  const takeBatch = (): StorageBatch => {
    const position = document.position()
    const moved = position !== null && !sameRecord(held, position)
    const pending = document.pending.unwritten().filter((record) => !inWriting.has(record))
    for (const record of pending) inWriting.add(record)
    // An edit of this person is nowhere else yet: its transaction waits for nothing, and the record comes after it.
    const alone = pending.length > 0
    const batch: StorageBatch = {
      ...queue.take(),
      ...(lost ? { updates: [document.encode()], told: document.told() } : {}),
      ...(moved && !alone ? { sync: position } : {}),
      pending,
    }
    if (lost) compaction.want()
    lost = false
    dirty = moved && alone
    return batch
  }

  /** True when there was something to write, and so may be more. */
  const writeBatch = async (): Promise<boolean> => {
    const to = store
    if (!to || !dirty || paused) return false
    const whole = lost
    const batch = takeBatch()
    // As after most checks: nothing has come, and the place has not moved.
    if (Object.values(batch).every((part) => Array.isArray(part) && part.length === 0)) return false
    underWay++
    try {
      await Promise.all([to.write(batch), batch.pending.length > 0 ? document.marked() : null])
      if (batch.sync) held = batch.sync
      compaction.add(batch.updates.length)
      // What was settled while it was being written is not to stay.
      settle(document.pending.stored(batch.pending))
      if (underWay === 1 && queue.isEmpty && !lost) document.written()
      onChange()
    } catch (error) {
      lost ||= whole
      queue.giveBack(batch)
      dirty = true
      // Another batch may have failed before it, and the storage be open again.
      if (store === to) fail(error)
      if (lost) queue.dropUpdates()
    } finally {
      underWay--
      for (const record of batch.pending) inWriting.delete(record)
    }
    return true
  }

  const writeAll = async () => {
    // Never ends before its promise is known as the running one.
    await Promise.resolve()
    // What was added meanwhile is the next batch.
    while (await writeBatch());
    writing = null
    compaction.rested()
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

  const queued = (put: () => unknown) => {
    put()
    touch()
  }

  const settle = (changes: readonly Revision[]) => {
    if (changes.length > 0) queued(() => queue.settle(changes))
  }

  return {
    get stored() {
      return held
    },
    get health() {
      return health
    },
    get idle() {
      return store !== null && !lost && underWay === 0 && queue.isEmpty
    },
    open: attach,
    // While storage is lost, all of the document is going to be written.
    add: (update) => queued(() => lost || queue.add(update)),
    touch,
    settle,
    keepTold: (records) => queued(() => queue.keepTold(records)),
    forgetTold: (ids) => queued(() => queue.forgetTold(ids)),
    setAside: (more) => queued(() => queue.setAside(more)),
    flush,
    async flushNow() {
      paused = false
      // What a running transaction does not hold would wait for its end, which a closing page does not see.
      if (writing) await writeBatch()
      await flush()
    },
    async reopen() {
      if (store === null && cancelRetry !== null) await attach()
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
      queue.take()
      held = null
    },
    async close() {
      // What was edited while the document was being opened goes to the device before it is closed.
      await attaching
      paused = false
      await flush()
      closed = true
      cancelRetry?.()
      compaction.cancel()
      store?.close()
      store = null
    },
  }
}
