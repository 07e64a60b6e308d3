/** What a tab knows of one pending change. */
import type { Refusal } from './change-fates.ts'
import type { PendingRecord } from './ports.ts'
import type { PendingChange } from './sync-state.ts'

export interface Entry {
  record: PendingRecord
  /** For this tab to write to the device. */
  ours: boolean
  /** The document in this tab holds it. What is only heard of cannot be pushed, nor be found to be on the server. */
  held: boolean
  onDevice: boolean
  /** The revision that is under way, or -1. */
  sending: number
  refusal: Refusal | undefined
  /** When this tab came to know it. */
  since: number
  /** When the leader first did not know it. */
  doubted: number | null
  /** As screens are shown it, made once for each state. */
  shown: PendingChange | null
}

/** As a person sees it. What is under way at an older revision is not called so. */
export function show(entry: Entry, doc: string): PendingChange {
  const { record, onDevice, sending, refusal } = entry
  entry.shown ??= {
    id: record.id,
    doc,
    collection: record.collection,
    entity: record.entity,
    fields: record.fields,
    at: record.at,
    state: refusal ? 'refused' : sending === record.rev ? 'sending' : onDevice ? 'device' : 'memory',
    refusal,
  }
  return entry.shown
}
