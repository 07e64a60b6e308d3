import type { Revision, SetAside, StorageBatch, ToldRecord } from './ports.ts'
import { mergeUpdates } from './merge-updates.ts'

/** What waits to be written of one document, in its order. */
export interface WriteQueue {
  readonly isEmpty: boolean
  add(update: Uint8Array): void
  settle(changes: readonly Revision[]): void
  setAside(updates: readonly SetAside[]): void
  keepTold(records: readonly ToldRecord[]): void
  forgetTold(ids: readonly string[]): void
  /** This change waits to be removed from the device. */
  isSettled(change: Revision): boolean
  take(): Queued
  /** It was not written: before everything that came after. */
  giveBack(queued: Queued): void
  /** Updates need not be written any more, since all of the document will be. */
  dropUpdates(): void
}

type Queued = Omit<StorageBatch, 'sync' | 'pending'>

export function makeWriteQueue(): WriteQueue {
  let updates: Uint8Array[] = []
  let settled: Revision[] = []
  let setAside: SetAside[] = []
  let told: ToldRecord[] = []
  let untold: string[] = []

  return {
    get isEmpty() {
      return updates.length === 0
    },
    add: (update) => void updates.push(update),
    settle: (changes) => void settled.push(...changes),
    setAside: (more) => void setAside.push(...more),
    keepTold: (records) => void told.push(...records),
    forgetTold: (ids) => void untold.push(...ids),
    isSettled: (change) => settled.some(({ id, rev }) => id === change.id && change.rev <= rev),
    take() {
      const queued: Queued = {
        updates: updates.length > 0 ? [mergeUpdates(updates)] : [],
        settled,
        setAside,
        ...(told.length > 0 ? { told } : {}),
        ...(untold.length > 0 ? { untold } : {}),
      }
      updates = []
      settled = []
      setAside = []
      told = []
      untold = []
      return queued
    },
    giveBack(queued) {
      updates = [...queued.updates, ...updates]
      settled = [...queued.settled, ...settled]
      setAside = [...queued.setAside, ...setAside]
      told = [...(queued.told ?? []), ...told]
      untold = [...(queued.untold ?? []), ...untold]
    },
    dropUpdates() {
      updates = []
    },
  }
}
