import * as Y from 'yjs'
import type { SyncRecord } from './ports.ts'

/**
 * Whether a copy holds less than its record says that it does: a part is gone, though what is left reads well. [D12]
 * A document that waits for what was set aside lacks something by right.
 */
export function isIncomplete(doc: Y.Doc, record: SyncRecord | null): boolean {
  if (record === null || doc.store.pendingStructs !== null) return false
  const held = Y.decodeStateVector(Y.encodeStateVector(doc))
  return [...record.acknowledged].some(([client, clock]) => (held.get(client) ?? 0) < clock)
}
