/**
 * Documents with edits of tabs that are gone: the leader opens them, though no screen does, until the server has all
 * of it, and then removes the marks of the dead. [T8] A mark is removed only while the lock of its tab is in our hands
 * and after the document was read from storage under it: whoever it belonged to can have written nothing since.
 */
import type { OpenDocuments } from './open-documents.ts'
import type { SyncPorts, UnsentMark } from './ports.ts'

const ORPHANS = 'orphans'

export interface OrphanedDocuments {
  /** All that the dead left was found, as far as is known. */
  readonly looked: boolean
  /** Looks for marks of tabs that are gone. */
  look(): Promise<void>
  /** Lets go what nobody waits for any more. */
  tidy(): void
  stop(): void
}

export interface OrphanedDocumentsWork {
  readonly workspaceId: string
  readonly tab: string
  readonly documents: OpenDocuments
  lockOf(tab: string): string
  /** The document was read again: what it holds may be news. */
  found(documentId: string): void
  /** It held something unsent that is gone. */
  lost(documentId: string): void
}

export function makeOrphanedDocuments(
  { storage, locks, log }: Pick<SyncPorts, 'storage' | 'locks' | 'log'>,
  { workspaceId, tab, documents, lockOf, found, lost }: OrphanedDocumentsWork,
): OrphanedDocuments {
  // Read after their tab was found dead.
  const waiting = new Map<string, UnsentMark[]>()
  const seen = new Set<string>()
  let looking: Promise<void> | null = null
  let removing: Promise<void> = Promise.resolve()
  let again = false
  let stopped = false
  let looked = false

  const isDead = async (mark: UnsentMark) => {
    if (mark.tab === tab) return false
    // Where there are no locks nobody knows who lives: the document is looked into, and the mark stays.
    return locks === null || (await locks.holdIfFree(lockOf(mark.tab), async () => {}))
  }

  const nameOf = (mark: UnsentMark) => `${mark.doc} ${mark.tab}`

  const takeIn = async (doc: string, marks: readonly UnsentMark[]) => {
    const open = documents.find(doc)
    const document = documents.hold(doc, ORPHANS)
    await (open ? document.writer.reread() : document.loaded)
    if (stopped || document.writer.health !== 'ok') return
    // It held something unsent, and now holds nothing: it was wiped while nobody was there. [D13]
    const { bareAt } = document
    if (locks !== null && marks.some(({ kept = Infinity }) => kept <= (bareAt ?? -Infinity))) lost(doc)
    waiting.set(doc, [...(waiting.get(doc) ?? []), ...marks])
    for (const mark of marks) seen.add(nameOf(mark))
    document.unsent.takeDifference()
    found(doc)
  }

  const lookOnce = async () => {
    const marks = await storage.unsent()
    const dead = new Map<string, UnsentMark[]>()
    for (const mark of marks) {
      if (mark.workspace !== workspaceId || seen.has(nameOf(mark)) || !(await isDead(mark))) continue
      dead.set(mark.doc, [...(dead.get(mark.doc) ?? []), mark])
    }
    if (stopped) return
    await Promise.all([...dead].map(([doc, ofDocument]) => takeIn(doc, ofDocument)))
  }

  const run = async () => {
    await Promise.resolve()
    try {
      for (again = true; again;) {
        again = false
        await lookOnce()
      }
      looked = true
    } catch (error) {
      // Looked for again at the next slow check.
      looked = false
      log({ code: 'failed', reason: `marks ${error instanceof Error ? error.name : 'unknown'}` })
    } finally {
      looking = null
    }
  }

  const remove = async (mark: UnsentMark) => {
    if (locks === null) return
    await locks.holdIfFree(lockOf(mark.tab), () => storage.unmark([mark]))
    // A tab that was frozen may come back, and mark again.
    seen.delete(nameOf(mark))
  }

  return {
    get looked() {
      return looked
    },
    look() {
      again = looking !== null
      looking ??= run()
      return looking
    },
    tidy() {
      for (const [doc, marks] of waiting) {
        const document = documents.ifReady(doc)
        if (!document || document.pending.size > 0 || !document.comparable) continue
        waiting.delete(doc)
        documents.drop(doc, ORPHANS)
        // One after the other: two of one tab would stand in each other's way.
        for (const mark of marks) removing = removing.then(() => remove(mark)).catch(() => {})
      }
    },
    stop() {
      stopped = true
    },
  }
}
