/** What a document is to the parts of the engine, and what it tells them. */
import type * as Y from 'yjs'
import type { DocumentLog } from './document-log.ts'
import type { FreshCopy } from './fresh-copy.ts'
import type { PendingChanges } from './pending-changes.ts'
import type { PendingRecord } from './ports.ts'
import type { LeadingPart } from './part-loading.ts'
import type { ChangeSubject } from './sync-engine.ts'
import type { SyncProblem } from './sync-state.ts'
import type { Told } from './told-by-siblings.ts'
import type { DocumentWriter } from './writer-contract.ts'

export interface DocumentEvents {
  /** This tab leads: it alone stores how far the log is read. */
  leads(): boolean
  /** Something was edited here: to be pushed, and shown to sibling tabs. `number` counts what is told of it. */
  edited(
    document: SyncedDocument,
    update: Uint8Array,
    records: readonly PendingRecord[],
    number: number,
  ): void
  /** The log brought these. */
  logged(document: SyncedDocument, updates: readonly Uint8Array[], number: number): void
  /** Everything told up to this number is on the device. */
  kept(document: SyncedDocument, through: number): void
  /** Read again, its storage held more than was here since this state: other tabs may lack it too. */
  found(document: SyncedDocument, since: Uint8Array): void
  /** What another person's device told is for us to push, or for the tab that leads. */
  adopted(document: SyncedDocument): void
  /** And the server did not take it. */
  disowned(document: SyncedDocument): void
  /** Resolves when the device durably knows that this document holds something unsent. */
  marked(documentId: string): Promise<void>
  /** Its storage was taken away under our hands. */
  unstored(documentId: string): void
  /** Storage was written by a newer app. */
  outdated(): void
  /** A state that the screens may show has changed. */
  changed(): void
}

export interface SyncedDocument extends Omit<DocumentLog, 'begin' | 'record' | 'take' | 'unknown'> {
  readonly id: string
  readonly doc: Y.Doc
  readonly loaded: Promise<void>
  readonly filled: Promise<void>
  readonly pending: PendingChanges
  readonly writer: DocumentWriter
  readonly problem: SyncProblem | null
  /** How often the copy of this document was replaced by what the server has. */
  readonly generation: number
  /** The number under which all that is here now is told; 0 when it is on the device. */
  count(): number
  isEmpty(): boolean
  /** When it was opened and nothing at all was stored of it. */
  readonly bareAt: number | null
  onReplaced(listener: (doc: Y.Doc) => void): () => void
  change<T>(subject: ChangeSubject, edit: (doc: Y.Doc) => T): T
  refusedToPull(code: string): void
  /** The server's first answer has come, here or in the tab that leads. */
  answered(): void
  /** From here on it takes in what is told directly. [T16] */
  understand(makeHearsay: LeadingPart['makeHearsay']): void
  /** What another device told directly. [S14] */
  hearDirectly(update: Uint8Array): void
  /** What others told, and is for us to push. */
  adopted(): readonly Uint8Array[]
  /** The tab that leads could not push what was told directly, and shows it no more. [S18] */
  untold(): void
  /** The document, and how much of it, without what others only told. */
  encodeReal(vector?: Uint8Array): Uint8Array
  realVector(): Uint8Array
  /** What another tab edited, or has and we lacked. False when something that it stands on is not here. */
  applySibling(told: Told): boolean
  /** What the log brought to another tab. `acknowledged`: to the one that leads, so that the server is known to have it. */
  applyLogged(updates: readonly Uint8Array[], told: Pick<Told, 'tab' | 'number'>, acknowledged: boolean): void
  siblingStored(tab: string, through: number): void
  /** Stores what siblings told and may not have stored. */
  keepTold(): void
  /** Leads from here on: what is stored is read again, and is where it begins. */
  lead(): Promise<void>
  /** Puts another copy in place of it; `elsewhere`: a sibling has put it into the storage that we share. */
  replace(copy: FreshCopy, generation: number, elsewhere?: boolean): Promise<void>
  close(): Promise<void>
}
