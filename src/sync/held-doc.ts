/** The Y.Doc that screens hold. It may be replaced by another, which whoever holds it is told. */
import * as Y from 'yjs'
import { inPeace } from './apply-update.ts'
import { LOCAL } from './origins.ts'
import type { ChangeSubject } from './sync-engine.ts'

export interface HeldDoc {
  readonly doc: Y.Doc
  /** What the edit that is being made is about. */
  readonly subject: ChangeSubject | null
  onReplaced(listener: (doc: Y.Doc) => void): () => void
  /** One transaction by this person. */
  change<T>(subject: ChangeSubject, edit: (doc: Y.Doc) => T): T
  /** One transaction of others; a listener of it that throws stops nothing. */
  together(origin: string, work: () => void): void
  swap(next: Y.Doc): void
  close(): void
}

export interface HeldDocEvents {
  updated(update: Uint8Array, origin: unknown, transaction: Y.Transaction): void
  swapped(): void
  /** A listener has thrown this. */
  failed(errorName: string): void
}

export function makeHeldDoc(first: Y.Doc, events: HeldDocEvents): HeldDoc {
  let doc = first
  let subject: ChangeSubject | null = null
  const replaced = new Set<(doc: Y.Doc) => void>()

  const onUpdate = (update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) =>
    events.updated(update, origin, transaction)
  doc.on('update', onUpdate)

  const close = () => {
    doc.off('update', onUpdate)
    doc.destroy()
  }

  return {
    get doc() {
      return doc
    },
    get subject() {
      return subject
    },
    onReplaced(listener) {
      replaced.add(listener)
      return () => replaced.delete(listener)
    },
    change(about, edit) {
      const outer = subject
      subject = about
      try {
        return doc.transact(() => edit(doc), LOCAL)
      } finally {
        subject = outer
      }
    },
    together: (origin, work) => inPeace(() => Y.transact(doc, work, origin, false), events.failed),
    swap(next) {
      close()
      doc = next
      doc.on('update', onUpdate)
      for (const listener of replaced) inPeace(() => listener(doc), events.failed)
      events.swapped()
    },
    close,
  }
}
