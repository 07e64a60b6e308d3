import { makeMemoryWorkspaceFiles } from '../../stores/attachments/testing/memory-files.ts'
import { createSignal, type Setter } from 'solid-js'
import type { OpenWorkspace, SyncState, ConnectionState } from '../../stores/workspace-context.ts'
import { lia, norteFrio } from './fake-app.tsx'

export const synced: SyncState = {
  pending: [],
  sending: false,
  lastSyncedAt: new Date(2026, 10, 20, 14, 30).getTime(),
  storage: 'ok',
  problem: null,
  calls: { kind: 'normal' },
}

/** A workspace whose two states a test sets by hand; it has no documents. */
export function fakeWorkspace(part: Partial<OpenWorkspace> = {}): OpenWorkspace & {
  setSync: Setter<SyncState>
  setConnection: Setter<ConnectionState>
} {
  const [sync, setSync] = createSignal<SyncState>(synced)
  const [connection, setConnection] = createSignal<ConnectionState>({ kind: 'live', since: 1 })
  const noDocument = (): never => {
    throw new Error('This test has no documents.')
  }
  return {
    person: lia,
    workspace: norteFrio,
    sync,
    setSync,
    connection,
    setConnection,
    log: () => [],
    pendingOf: () => () => false,
    get members() {
      return noDocument()
    },
    get labels() {
      return noDocument()
    },
    get directory() {
      return noDocument()
    },
    files: makeMemoryWorkspaceFiles(),
    presence: { others: () => [], at: () => [], look() {}, point() {}, type() {} },
    openDocument: noDocument,
    syncNow: () => Promise.resolve(),
    retry: () => undefined,
    discard: () => Promise.resolve(),
    ...part,
  }
}
