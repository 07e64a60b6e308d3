/** The port to what a device keeps: documents, and what is noted of many of them. */
import type { Cursor } from './ports.ts'

/**
 * The form in which documents are stored. A reader that meets a higher one is older than what wrote it: it may add
 * updates and pending changes, which stay as they are for ever, and leaves all else alone. [D8]
 */
export const STORAGE_FORMAT = 1

/** How far this device is with a document. Written as one record, so that its parts always speak of one moment. */
export interface SyncRecord {
  readonly epoch: string | null
  /** Everything up to here is in the local copy. */
  readonly cursor: Cursor
  /** The newest place of the log known at all, ahead of the cursor when a push was acknowledged across a gap. */
  readonly anchor: Cursor
  /** What the log surely holds, by Yjs client: a state vector. */
  readonly acknowledged: ReadonlyMap<number, number>
}

export interface PendingRecord {
  readonly id: string
  readonly collection: string
  readonly entity: string
  readonly fields: readonly string[]
  readonly at: number
  /** The Yjs client that wrote it, so that a later session can still say who it was. */
  readonly client: number
  /** It deleted something, which a state vector does not show. */
  readonly deletes: boolean
  /** Counts what joined it, so that an answer for what it held before hides nothing that came after. */
  readonly rev: number
}

/** A pending change as it was at some moment: all revisions up to this one. */
export interface Revision {
  readonly id: string
  readonly rev: number
}

export interface StoredContent {
  readonly updates: readonly Uint8Array[]
  readonly sync: SyncRecord | null
  readonly pending: readonly PendingRecord[]
  readonly setAside: readonly SetAside[]
  /** How often everything here was replaced by what the server has. */
  readonly generation: number
  /** What wrote here last knew this format. */
  readonly format: number
  readonly told?: readonly ToldRecord[]
}

/** An update of the log that could not be applied, kept for whoever looks into it. */
export interface SetAside {
  readonly seq: number
  readonly op_id: string | null
}

/** What one transaction writes; parts left out stay as they are. */
export interface StorageBatch {
  readonly updates: readonly Uint8Array[]
  readonly sync?: SyncRecord
  readonly pending: readonly PendingRecord[]
  readonly settled: readonly Revision[]
  readonly setAside: readonly SetAside[]
  readonly told?: readonly ToldRecord[]
  /** Ids of what was told and need not be kept any more. */
  readonly untold?: readonly string[]
}

/** An edit of another person, told directly and not yet in the log, on which something of this person stands. [S16] */
export interface ToldRecord {
  readonly id: string
  readonly update: Uint8Array
}

export class StorageError extends Error {
  readonly reason: 'full' | 'unavailable'

  constructor(reason: StorageError['reason'], message: string) {
    super(message)
    this.name = 'StorageError'
    this.reason = reason
  }
}

/** One document's database. Every call rejects with `StorageError` and with nothing else. */
export interface StoredDocument {
  read(): Promise<StoredContent>
  /** All or nothing, in one transaction; resolves when it is durable. A stored cursor never goes back in its epoch. */
  write(batch: StorageBatch): Promise<void>
  /**
   * Replaces the stored updates by one. `encode` gets those that others wrote since this handle last read, and runs
   * inside the transaction, so that nothing written by a sibling tab falls between; null leaves all as it is.
   */
  compact(encode: (unseen: readonly Uint8Array[]) => Uint8Array | null): Promise<void>
  /**
   * Writes what `next` makes of the record that is held, in one transaction; null writes nothing. Resolves with how
   * many updates are stored now.
   */
  advance(next: (held: SyncRecord | null) => StorageBatch | null): Promise<number>
  /** Empties the document and writes this instead, in one transaction. */
  replace(batch: StorageBatch, generation: number): Promise<void>
  /** It was taken away under our hands: deleted, wiped, or closed by the browser. Told once, never after `close`. */
  onLost(listener: () => void): void
  close(): void
}

/** Says that a document holds edits which the server may not have, and which tab wrote them. */
export interface UnsentMark {
  readonly doc: string
  readonly workspace: string
  readonly tab: string
  /** Since when such an edit is on the device: if nothing of the document is there any more, it was lost. [D13] */
  readonly kept?: number
}

/** Where a document stands that is kept without being opened: all that memory holds of it. */
export interface KeptPlace {
  readonly doc: string
  readonly epoch: string | null
  readonly cursor: Cursor
  /** When the log was last asked about it. */
  readonly lookedAt: number
}

/** Documents of one person on this device. Every call rejects with `StorageError` and with nothing else. */
export interface DocumentStorage {
  open(documentId: string): Promise<StoredDocument>
  /** All marks of this person, of every workspace and tab. */
  unsent(): Promise<readonly UnsentMark[]>
  /** Resolves when it is durable. */
  mark(mark: UnsentMark): Promise<void>
  unmark(marks: readonly UnsentMark[]): Promise<void>
  /** Where kept documents stood when it was last noted, so that nobody opens them all to know; never ahead of them. */
  places(): Promise<readonly KeptPlace[]>
  notePlaces(places: readonly KeptPlace[]): Promise<void>
}
