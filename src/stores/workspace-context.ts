import { createContext, useContext, type Accessor } from 'solid-js'
import type { labels } from '../domain/collections/labels.ts'
import type { members } from '../domain/collections/members.ts'
import type { ConnectionLogLine, LogCode } from '../sync/connection-log-line.ts'
import type { ConnectionState } from '../sync/connection-state.ts'
import type { DocumentHandle } from '../sync/sync-engine.ts'
import type { CallsState, PendingChange, SyncState } from '../sync/sync-state.ts'
import type { WorkspaceFiles } from './attachments/workspace-files.ts'
import type { CollectionStore } from './collection-store.ts'
import type { WorkspacePresence } from './presence.ts'
import type { Person, Workspace } from './session/session.ts'

export type { CallsState, ConnectionLogLine, ConnectionState, LogCode, PendingChange, SyncState }

/** One open workspace, as every screen inside it knows it. */
export interface OpenWorkspace {
  readonly person: Person
  readonly workspace: Workspace
  readonly connection: Accessor<ConnectionState>
  readonly sync: Accessor<SyncState>
  readonly log: Accessor<readonly ConnectionLogLine[]>
  /** Something of this entity is not yet on the server. */
  pendingOf(entity: string): Accessor<boolean>
  readonly members: CollectionStore<typeof members>
  readonly labels: CollectionStore<typeof labels>
  /** The board, the directory …: released with the owner that asked. */
  openDocument(documentId: string): DocumentHandle
  readonly directory: DocumentHandle
  /** Who else is here, and what of this tab they may know. */
  readonly presence: WorkspacePresence
  readonly files: WorkspaceFiles
  syncNow(): Promise<void>
  retry(changeId: string): void
  discard(changeId: string): Promise<void>
}

export const WorkspaceContext = createContext<OpenWorkspace>()

export function useWorkspace(): OpenWorkspace {
  const open = useContext(WorkspaceContext)
  if (open === undefined)
    throw new Error('No workspace is open here: this screen stands outside of the shell.')
  return open
}
