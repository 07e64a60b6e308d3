/**
 * Files that wait, beside everything else that does: one list, so that the waterline, the panel, the warning before
 * signing out and the count on each item can never disagree about them.
 */
import { attachments } from '../../domain/collections/attachments.ts'
import { entityMap, writeFields } from '../../sync/collection-map.ts'
import type { UnsentFile } from '../../sync/attachments/file-state.ts'
import type { DocumentHandle } from '../../sync/sync-engine.ts'
import type { PendingChange, SyncState } from '../../sync/sync-state.ts'

const PREFIX = 'file/'

function pendingFile({ sha256, doc, entity, name, bytes, at, state }: UnsentFile): PendingChange {
  const about = { collection: 'attachments', entity, fields: ['file'] }
  const file = { name, bytes, sent: state.kind === 'sending' ? state.sent : null }
  const change = { id: PREFIX + sha256, doc, ...about, at, file }
  if (state.kind === 'failed') {
    return { ...change, state: 'refused', refusal: { code: `file_${state.code}`, message: state.code } }
  }
  const held = state.kind === 'waiting' && (state.why === 'paused' || state.why === 'wifi') ? state.why : null
  if (state.inMemory) return { ...change, state: 'memory', ...(held && { held }) }
  return { ...change, state: state.kind === 'sending' ? 'sending' : 'device', ...(held && { held }) }
}

/** Oldest first, as before. */
export function withFiles(state: SyncState, files: readonly UnsentFile[]): SyncState {
  if (files.length === 0) return state
  const pending = [...state.pending, ...files.map(pendingFile)]
  return { ...state, pending: pending.toSorted((one, other) => one.at - other.at) }
}

/** The file that a change is about, or null when it is another kind of change. */
export function fileOfChange(changeId: string): string | null {
  return changeId.startsWith(PREFIX) ? changeId.slice(PREFIX.length) : null
}

/** Takes an unsent file from the thing that it belongs to; it lies in the trash there. */
export function dropFile(open: (documentId: string) => DocumentHandle, file: UnsentFile, at: number): void {
  const handle = open(file.doc)
  const subject = { collection: attachments.name, entity: file.entity, fields: ['deleted_at'] }
  handle.change(subject, (doc) => {
    const map = entityMap(doc, attachments, file.entity)
    if (map) writeFields(attachments, map, { deleted_at: at })
  })
  handle.release()
}
