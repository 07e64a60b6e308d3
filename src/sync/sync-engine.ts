import type * as Y from 'yjs'
import type { ConnectionLogLine } from './connection-log-line.ts'
import type { ConnectionState } from './connection-state.ts'
import type { Observable } from './observable.ts'
import type { Presence } from './presence/presence.ts'
import type { SyncState } from './sync-state.ts'

/** What an edit is about, for the list of unsent changes and for the marks on items. */
export interface ChangeSubject {
  readonly collection: string
  readonly entity: string
  readonly fields: readonly string[]
}

export interface DocumentHandle {
  readonly id: string
  /** The document now. It is replaced, and `onReplaced` told, only when refused changes are dropped. */
  readonly doc: Y.Doc
  onReplaced(listener: (doc: Y.Doc) => void): () => void
  /** The local copy is read; never waits for the network, never rejects. */
  readonly loaded: Promise<void>
  /** There is something to show: a local copy, or the server's first answer. */
  readonly filled: Promise<void>
  /** Nothing local yet and nothing heard from the server: the only case for a skeleton. */
  isEmptyLocally(): boolean
  /** One transaction by this person, listed as pending until the server has it. */
  change<T>(subject: ChangeSubject, edit: (doc: Y.Doc) => T): T
  release(): void
}

export interface SyncEngine {
  readonly connection: Observable<ConnectionState>
  readonly state: Observable<SyncState>
  readonly log: Observable<readonly ConnectionLogLine[]>
  /** Opens a document, or counts one more user of it; every handle is to be released. */
  open(documentId: string): DocumentHandle
  /** Says which documents are kept current on this device without being open, as `domain/freshness.ts` has it. */
  keep(documentIds: Iterable<string>): void
  /** There is news of these, as something else tells. */
  look(documentIds: Iterable<string>): void
  /** Who else is here, and what of this tab others may see. */
  readonly presence: Presence
  /** Pushes and pulls now; resolves when both have been tried. */
  syncNow(): Promise<void>
  /** Tries a refused change again. */
  retry(changeId: string): void
  /** Drops the unsent part of the document that holds a refused change, and reads it from the server again. */
  discard(changeId: string): Promise<void>
  stop(): Promise<void>
}
