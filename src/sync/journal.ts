/** What is pending in all documents of the profile, whichever tab made it and whether or not it is open here. */
import type { Fate, JournalEntry } from './change-fates.ts'
import { makePendingChanges, type PendingChanges } from './pending-changes.ts'
import type { SyncPorts } from './ports.ts'
import type { PendingChange } from './sync-state.ts'

export interface Journal {
  of(documentId: string): PendingChanges
  /** Oldest first. */
  list(): readonly PendingChange[]
  /** The document that a change is in. */
  holding(changeId: string): string | null
  entries(): readonly JournalEntry[]
  /** Documents of which something is pending. */
  documents(): readonly string[]
  /** Takes over what the leader knows. Gives the documents of which it lacks something of ours. */
  agree(entries: readonly JournalEntry[], sure: (documentId: string) => boolean): readonly string[]
  /** The leader did not know something that another tab made: it is to be asked once more. */
  readonly doubtful: boolean
  /** Nobody here has it open any more: it is remembered as long as something is pending in it. */
  closed(documentId: string): void
}

export interface JournalEvents {
  /** What became of changes of a document is to be told to the other tabs. */
  fate(documentId: string, fate: Fate): void
  changed(): void
}

export function makeJournal(ports: Pick<SyncPorts, 'clock' | 'random'>, events: JournalEvents): Journal {
  const documents = new Map<string, PendingChanges>()
  let listed: readonly PendingChange[] | null = null

  const changed = () => {
    listed = null
    events.changed()
  }

  const of = (id: string): PendingChanges => {
    const found = documents.get(id) ?? makePendingChanges(id, ports, (fate) => events.fate(id, fate), changed)
    documents.set(id, found)
    return found
  }

  return {
    of,
    list() {
      listed ??= [...documents.values()].flatMap((pending) => pending.list()).sort((a, b) => a.at - b.at)
      return listed
    },
    holding(changeId) {
      for (const [id, pending] of documents) if (pending.has(changeId)) return id
      return null
    },
    documents: () => [...documents].flatMap(([id, { size }]) => (size > 0 ? [id] : [])),
    entries: () => [...documents.values()].flatMap((pending) => pending.entries()),
    agree(entries, sure) {
      const known = new Map<string, JournalEntry[]>([...documents.keys()].map((doc) => [doc, []]))
      for (const entry of entries) {
        const ofDocument = known.get(entry.doc)
        if (ofDocument) ofDocument.push(entry)
        else known.set(entry.doc, [entry])
      }
      return [...known].flatMap(([doc, told]) => (of(doc).agree(told, sure(doc)).length > 0 ? [doc] : []))
    },
    get doubtful() {
      return [...documents.values()].some((pending) => pending.doubtful)
    },
    closed(id) {
      if (documents.get(id)?.size === 0) documents.delete(id)
    },
  }
}
