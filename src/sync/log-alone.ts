/**
 * The log by itself, while it is read from its start beside a document that holds something already. A state vector
 * does not show deletions, so those that a restored server has lost are found by laying one beside the other. [S4]
 * Until the log has them again, the start is the place that is stored: who dies meanwhile begins there once more.
 */
import * as Y from 'yjs'
import { applyUpdate } from './apply-update.ts'
import { makeClockSet } from './direct/clock-set.ts'
import { FROM_LOG } from './origins.ts'
import { deletedRanges, type ClockRange } from './update-ranges.ts'

export interface LogAlone {
  begin(): void
  /** The next of its lines. */
  show(update: Uint8Array | null): void
  /** It is read to its head: what is deleted in the document, and not in it. Empty when it was not asked for. */
  end(document: () => Uint8Array): readonly ClockRange[]
  readonly reading: boolean
  forget(): void
}

export function makeLogAlone(): LogAlone {
  let alone: Y.Doc | null = null
  return {
    get reading() {
      return alone !== null
    },
    begin() {
      alone = new Y.Doc()
    },
    show(update) {
      if (alone) applyUpdate(alone, update, FROM_LOG)
    },
    end(document) {
      if (!alone) return []
      const shown = makeClockSet(deletedIn(alone))
      alone = null
      const other = new Y.Doc()
      Y.applyUpdate(other, document())
      return deletedIn(other).flatMap(shown.outside)
    },
    forget() {
      alone = null
    },
  }
}

function deletedIn(doc: Y.Doc): ClockRange[] {
  return deletedRanges(Y.createDeleteSetFromStructStore(doc.store))
}
