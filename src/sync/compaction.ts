import type { Clock, StoredDocument } from './ports.ts'
import type { WrittenDocument } from './writer-contract.ts'

const ABOVE = 200
const AFTER = 2_000

/** When the stored updates of a document become one: above two hundred, and once it has rested for two seconds. [D5] */
export interface Compaction {
  /** So many are stored now. */
  count(updates: number): void
  /** So many more are. */
  add(updates: number): void
  /** What is stored cannot be kept as it is: soon. */
  want(): void
  /** Something was written. */
  rested(): void
  cancel(): void
}

export function makeCompaction(clock: Clock, isOurs: () => boolean, compact: () => void): Compaction {
  let stored = 0
  let cancel = () => {}

  return {
    count(updates) {
      stored = updates
    },
    add(updates) {
      stored += updates
    },
    want() {
      stored += ABOVE
    },
    rested() {
      cancel()
      if (stored > ABOVE && isOurs()) cancel = clock.after(AFTER, compact)
    },
    cancel: () => cancel(),
  }
}

/** False when it waits: an edit whose journal is not stored yet is not to be stored without it. [D14] */
export async function compactStored(
  store: StoredDocument,
  document: Pick<WrittenDocument, 'absorbUnseen' | 'encode'>,
  isDirty: () => boolean,
): Promise<boolean> {
  let done = false
  await store.compact((unseen) => {
    if (isDirty()) return null
    done = true
    document.absorbUnseen(unseen)
    return document.encode()
  })
  return done
}
