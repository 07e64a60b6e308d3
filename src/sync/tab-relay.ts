/**
 * Sibling tabs of one person see each other's edits at once, also offline. [T1] What comes from a sibling is applied,
 * neither stored nor pushed while running, since the sibling does both; only the difference taken at start and on
 * reconnect holds it too. A tab that opens a document asks its siblings for what it lacks, which covers an edit made
 * between their write and its read.
 */
import * as Y from 'yjs'
import type { SyncRecord, TabBus } from './ports.ts'
import type { SyncedDocument } from './synced-document.ts'

export interface TabRelay {
  opened(document: SyncedDocument): void
  edited(document: SyncedDocument, update: Uint8Array): void
  /** What was unsent was dropped: what siblings hold of it must not bring it back. [S11] */
  replaced(document: SyncedDocument): void
  stop(): void
}

export function makeTabRelay(
  tabs: TabBus,
  find: (id: string) => SyncedDocument | undefined,
  hearReplaced: (document: SyncedDocument, state: Uint8Array, sync: SyncRecord) => void,
): TabRelay {
  const stop = tabs.subscribe((message) => {
    const document = find(message.doc)
    if (!document) return
    if (message.kind === 'update') return document.applySibling(message.update)
    if (message.kind === 'replaced') return hearReplaced(document, message.state, message.sync)
    const missing = Y.encodeStateAsUpdate(document.doc, message.vector)
    tabs.post({ kind: 'update', doc: document.id, update: missing })
  })
  return {
    opened(document) {
      tabs.post({ kind: 'hello', doc: document.id, vector: Y.encodeStateVector(document.doc) })
    },
    edited(document, update) {
      tabs.post({ kind: 'update', doc: document.id, update })
    },
    replaced({ id, doc, position }) {
      tabs.post({ kind: 'replaced', doc: id, state: Y.encodeStateAsUpdate(doc), sync: position.record() })
    },
    stop,
  }
}
