/**
 * This tab's marks on the device: which documents hold edits of its own, or taken over by it, that the server may not
 * have. [D7] A mark is durable no later than such an edit is called on this device, and is removed once nothing of the
 * document is pending. A tab marks only while its own lock is held, since marks of the dead are others' to remove.
 */
import { inTime } from './in-time.ts'
import type { SyncPorts } from './ports.ts'

const TIMEOUT = 10_000
// What is sent at once needs no second note.
const KEPT_AFTER = 1_000

export interface UnsentMarks {
  /** Resolves when the mark is durable; rejects with what the storage says. */
  mark(documentId: string): Promise<void>
  /** What is pending of the document is on the device. */
  kept(documentId: string): void
  /** Nothing of the document is pending any more. */
  clear(documentId: string): void
  /** Its storage was taken away, maybe with every mark: the next edit that is stored is marked anew. */
  lost(documentId: string): void
  /** While this tab was away, others may have removed them. */
  forget(): void
}

export function makeUnsentMarks(
  { clock, storage }: Pick<SyncPorts, 'clock' | 'storage'>,
  { workspace, tab }: { workspace: string; tab: string },
  /** The lock of this tab is held. */
  here: () => Promise<void>,
): UnsentMarks {
  // Null: it may be there or not.
  let marks = new Map<string, Promise<void> | null>()
  // What was begun for a document is over before the next of it begins: a mark must not be overtaken by its removal.
  const last = new Map<string, Promise<unknown>>()
  const markOf = (doc: string) => ({ doc, workspace, tab })
  const noting = new Map<string, () => void>()

  const doubt = (doc: string) => {
    if (marks.has(doc)) marks.set(doc, null)
    noting.get(doc)?.()
    noting.delete(doc)
  }

  const next = (doc: string, work: () => Promise<void>): Promise<void> => {
    const before = last.get(doc) ?? Promise.resolve()
    const mine = before.then(() => inTime(clock, TIMEOUT, work))
    const over = mine.catch(() => {}).finally(() => last.get(doc) === over && last.delete(doc))
    last.set(doc, over)
    return mine
  }

  return {
    mark(doc) {
      const known = marks.get(doc)
      if (known) return known
      const marking = next(doc, async () => {
        await here()
        await storage.mark(markOf(doc))
      })
      marks.set(doc, marking)
      // What failed is tried again with the next edit, or when the storage is opened again.
      marking.catch(() => {
        if (marks.get(doc) === marking) doubt(doc)
      })
      return marking
    },
    kept(doc) {
      if (noting.has(doc) || !marks.get(doc)) return
      const kept = clock.now()
      const note = () => {
        if (marks.get(doc)) next(doc, () => storage.mark({ ...markOf(doc), kept })).catch(() => {})
      }
      noting.set(doc, clock.after(KEPT_AFTER, note))
    },
    clear(doc) {
      noting.get(doc)?.()
      noting.delete(doc)
      if (!marks.delete(doc)) return
      // A mark that stays costs one opening of the document.
      next(doc, () => storage.unmark([markOf(doc)])).catch(() => {})
    },
    lost: doubt,
    forget() {
      marks = new Map()
      for (const cancel of noting.values()) cancel()
      noting.clear()
    },
  }
}
