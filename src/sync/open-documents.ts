/** The documents that this tab has open: for its screens, and, while it leads, for other tabs and for the dead. */
import type { SyncedDocument } from './document-contract.ts'

interface OpenDocument {
  readonly document: SyncedDocument
  /** Screens of this tab. */
  users: number
  /** Others on whose behalf this tab has it open. */
  readonly holders: Set<string>
  /** Read, and not about to be read again. */
  ready: boolean
  becoming: Promise<void>
}

export interface OpenDocuments {
  all(): readonly SyncedDocument[]
  ready(): readonly SyncedDocument[]
  /** Resolves when all that are open now are ready. */
  settled(): Promise<void>
  find(id: string): SyncedDocument | undefined
  ifReady(id: string): SyncedDocument | undefined
  /** Opens it, for one more screen; the answer lets it go. */
  use(id: string): { readonly document: SyncedDocument; release(): void }
  /** Opens it on behalf of somebody, until that one holds it no more. */
  hold(id: string, holder: string): SyncedDocument
  /** Opens it until nothing of it is pending. */
  visit(id: string): void
  drop(id: string, holder: string): void
  isHeld(id: string, holder: string): boolean
  /** What this one holds is exactly this. */
  holds(holder: string, ids: readonly string[]): void
  /** Nobody holds anything but the screens of this tab. */
  releaseHeld(): void
  /** This tab leads from here on: none is ready before it begins from what is stored. */
  lead(): void
  closeUnused(): void
  close(): Promise<void>
}

export interface OpenDocumentsEvents {
  make(id: string): SyncedDocument
  /** The set has changed. */
  changed(): void
  began(document: SyncedDocument): void
  closed(document: SyncedDocument, closing: Promise<void>): void
}

export function makeOpenDocuments(events: OpenDocumentsEvents): OpenDocuments {
  const open = new Map<string, OpenDocument>()
  let stopped = false

  const entries = () => [...open.values()]
  const isOpen = (entry: OpenDocument) => !stopped && open.get(entry.document.id) === entry

  const becomeReady = (entry: OpenDocument, when: Promise<void>, begin: () => void) => {
    entry.ready = false
    const become = async () => {
      await when
      // Another wait began meanwhile, which is the one that counts.
      if (entry.becoming !== becoming || !isOpen(entry)) return
      entry.ready = true
      begin()
    }
    const becoming = become()
    entry.becoming = becoming
  }

  const enter = (id: string): OpenDocument => {
    const found = open.get(id)
    if (found) return found
    const document = events.make(id)
    const entry: OpenDocument = {
      document,
      users: 0,
      holders: new Set(),
      ready: false,
      becoming: document.loaded,
    }
    open.set(id, entry)
    becomeReady(entry, document.loaded, () => events.began(document))
    events.changed()
    return entry
  }

  const isUsed = ({ users, holders, document }: OpenDocument) =>
    users > 0 || holders.size > 0 || document.pending.size > 0

  return {
    all: () => entries().map(({ document }) => document),
    ready: () => entries().flatMap(({ document, ready }) => (ready ? [document] : [])),
    async settled() {
      await Promise.all(entries().map(({ becoming }) => becoming))
    },
    find: (id) => open.get(id)?.document,
    ifReady(id) {
      const entry = open.get(id)
      return entry?.ready ? entry.document : undefined
    },
    use(id) {
      const entry = enter(id)
      entry.users++
      let released = false
      return {
        document: entry.document,
        release() {
          if (released) return
          released = true
          entry.users--
        },
      }
    },
    hold(id, holder) {
      const entry = enter(id)
      entry.holders.add(holder)
      return entry.document
    },
    visit: (id) => void enter(id),
    drop: (id, holder) => void open.get(id)?.holders.delete(holder),
    isHeld: (id, holder) => open.get(id)?.holders.has(holder) ?? false,
    holds(holder, ids) {
      const wanted = new Set(ids)
      for (const { document, holders } of entries()) if (!wanted.has(document.id)) holders.delete(holder)
      for (const id of wanted) enter(id).holders.add(holder)
    },
    releaseHeld() {
      for (const { holders } of entries()) holders.clear()
    },
    lead() {
      for (const entry of entries()) {
        const begin = () => events.began(entry.document)
        becomeReady(entry, entry.document.lead(), begin)
      }
    },
    closeUnused() {
      for (const entry of entries()) {
        // A document that nobody uses stays until the server has all of it.
        if (isUsed(entry) || !entry.ready) continue
        open.delete(entry.document.id)
        events.closed(entry.document, entry.document.close())
        events.changed()
      }
    },
    async close() {
      stopped = true
      await Promise.all(entries().map(({ document }) => document.close()))
      open.clear()
    },
  }
}
