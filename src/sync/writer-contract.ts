/** What a document and its writer are to each other. */
import type { PendingChanges } from './pending-changes.ts'
import type { Revision, SetAside, StoredContent, SyncRecord, ToldRecord } from './ports.ts'
import type { SyncState } from './sync-state.ts'

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
  /** What was told directly and is stored beside it. */
  told(): readonly ToldRecord[]
  /** Null while another tab leads: how far the log is stored is then for that one to say. [T4] */
  position(): SyncRecord | null
  readonly generation: number
  /** It is noted on this device that something here is unsent; resolves when that is durable. [D7] */
  marked(): Promise<void>
  /** Everything up to now is on the device. */
  written(): void
  /** For the connection log: the storage was lost, is full, or is back. */
  report(code: 'storage-lost' | 'storage-full' | 'storage-back'): void
}

export interface DocumentWriter {
  /** How far storage surely is; null when that is not known. */
  readonly stored: SyncRecord | null
  readonly health: SyncState['storage']
  /** All of the document is on the device. */
  readonly idle: boolean
  /** Reads the local copy. Resolves when it is read, or when it turned out that it cannot be read now. */
  open(): Promise<void>
  add(update: Uint8Array): void
  /** Position or journal changed. */
  touch(): void
  settle(changes: readonly Revision[]): void
  setAside(updates: readonly SetAside[]): void
  /** Others' edits on which something of ours stands; and those that need not be kept any more. [S16] */
  keepTold(records: readonly ToldRecord[]): void
  forgetTold(ids: readonly string[]): void
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
