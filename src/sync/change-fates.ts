/** What tabs tell each other of pending changes. */
import type { PendingRecord, Revision } from './ports.ts'
import type { PendingChange } from './sync-state.ts'

export type Refusal = NonNullable<PendingChange['refusal']>

/** What became of changes. `lost`: nobody holds what they are about. */
export type Fate =
  | {
      readonly is: 'memory' | 'device' | 'sending' | 'waiting' | 'settled' | 'lost'
      readonly changes: readonly Revision[]
    }
  | { readonly is: 'refused'; readonly changes: readonly Revision[]; readonly refusal: Refusal }

/** A change as a tab that knows nothing of it yet is told of it. */
export interface JournalEntry {
  readonly doc: string
  readonly record: PendingRecord
  /** Whoever tells of it holds what it is about. */
  readonly held: boolean
  readonly onDevice: boolean
  readonly sending: boolean
  readonly refusal: Refusal | undefined
}
