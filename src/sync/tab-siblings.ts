/** The other tabs as the leader knows them: what they have open, whether somebody looks, and when they are gone. [T7] */
import type { OpenDocuments } from './open-documents.ts'
import type { SyncPorts } from './ports.ts'

interface Sibling {
  visible: boolean
  open: readonly string[]
  readonly watch: AbortController
}

export interface TabSiblings {
  /** It says something, and so is watched from here on. */
  met(tab: string): void
  here(tab: string, status: { visible: boolean; open: readonly string[] }): void
  gone(tab: string): void
  visible(): string | null
  with(documentId: string): readonly string[]
  stop(): void
}

export function makeTabSiblings(
  locks: SyncPorts['locks'],
  documents: OpenDocuments,
  lockOf: (tab: string) => string,
  died: (tab: string) => void,
): TabSiblings {
  const siblings = new Map<string, Sibling>()

  const gone = (tab: string) => {
    const sibling = siblings.get(tab)
    if (!sibling) return
    siblings.delete(tab)
    sibling.watch.abort()
    documents.holds(tab, [])
    // What it told and did not live to store.
    for (const document of documents.all()) document.keepTold()
    died(tab)
  }

  const meet = (tab: string): Sibling => {
    const known = siblings.get(tab)
    if (known) return known
    const watch = new AbortController()
    const sibling: Sibling = { visible: false, open: [], watch }
    siblings.set(tab, sibling)
    void locks?.hold(lockOf(tab), watch, async () => {
      if (!watch.signal.aborted) gone(tab)
    })
    return sibling
  }

  return {
    met: meet,
    here(tab, { visible, open }) {
      Object.assign(meet(tab), { visible, open })
      documents.holds(tab, open)
    },
    gone,
    visible: () => [...siblings].find(([, { visible }]) => visible)?.[0] ?? null,
    with: (id) => [...siblings].flatMap(([tab, { open }]) => (open.includes(id) ? [tab] : [])),
    stop() {
      for (const { watch } of siblings.values()) watch.abort()
      siblings.clear()
    },
  }
}
