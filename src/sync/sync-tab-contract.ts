/** What a tab is to the engine, and what it works with. */
import type { Fate } from './change-fates.ts'
import type { ConnectionLog } from './connection-log.ts'
import type { DocumentEvents, SyncedDocument } from './document-contract.ts'
import type { Journal } from './journal.ts'
import type { OpenDocuments } from './open-documents.ts'
import type { LeadingPart, LoadPart } from './part-loading.ts'
import type { Presence } from './presence/presence.ts'
import type { StandingBoard } from './standing-board.ts'
import type { TabRequest } from './tab-messages.ts'

export interface SyncTab extends Pick<
  DocumentEvents,
  'leads' | 'edited' | 'logged' | 'kept' | 'found' | 'adopted' | 'disowned' | 'outdated'
> {
  readonly presence: Presence
  start(): void
  /** Resolves when the other tabs can know that this one lives. */
  here(): Promise<void>
  fate(documentId: string, fate: Fate): void
  opened(): void
  began(document: SyncedDocument): void
  act(request: TabRequest): Promise<void>
  /** What this tab keeps when it leads. */
  keep(ids: readonly string[]): void
  look(ids: readonly string[]): void
  /** A document is being opened: resolves when nobody else writes it. */
  lend(id: string): Promise<void>
  closed(document: SyncedDocument, closing: Promise<void>): void
  /** Documents may have come to rest. */
  tidy(): void
  hidden(): void
  visible(): void
  frozen(): void
  returned(): void
  stop(): void
}

export interface SyncTabWork {
  readonly loadLeading: LoadPart<LeadingPart>
  /** It is here, before anything is done with it. */
  came(part: LeadingPart): void
  readonly workspaceId: string
  readonly tab: string
  readonly personId: string | undefined
  readonly documents: OpenDocuments
  readonly journal: Journal
  readonly board: StandingBoard
  readonly log: ConnectionLog
}
