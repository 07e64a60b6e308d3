/** The Y.Doc that screens hold. It may be replaced by another, which whoever holds it is told. */
import * as Y from 'yjs'
import { inPeace } from './apply-update.ts'
import { isOwnEdit, LOCAL } from './origins.ts'
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
  /** This person made an edit. */
  edited(update: Uint8Array, transaction: Y.Transaction): void
  /** Something else changed the document. */
  heard(transaction: Y.Transaction): void
  swapped(): void
  /** A listener has thrown this. */
  failed(errorName: string): void
}

export function makeHeldDoc(first: Y.Doc, events: HeldDocEvents): HeldDoc {
  let doc = first
  let subject: ChangeSubject | null = null
  const replaced = new Set<(doc: Y.Doc) => void>()

  const onUpdate = (update: Uint8Array, origin: unknown, of: Y.Doc, transaction: Y.Transaction) => {
    if (of === doc && isOwnEdit(origin)) events.edited(update, transaction)
  }
  // Yjs encodes what a transaction changed as soon as anybody listens: for a copy that is read that is all of it, and
  // costs half as much again as reading it.
  const listen = (transaction: Y.Transaction, of: Y.Doc) => {
    if (!isOwnEdit(transaction.origin)) return
    of.off('update', onUpdate)
    of.on('update', onUpdate)
  }
  const rest = (of: Y.Doc) => of.off('update', onUpdate)
  const onTransaction = (transaction: Y.Transaction, of: Y.Doc) => {
    if (of === doc && !isOwnEdit(transaction.origin)) events.heard(transaction)
  }
  const follow = () => {
    doc.on('beforeTransaction', listen)
    doc.on('afterTransaction', onTransaction)
    doc.on('afterAllTransactions', rest)
  }
  follow()

  const close = () => {
    doc.off('beforeTransaction', listen)
    doc.off('afterTransaction', onTransaction)
    doc.off('afterAllTransactions', rest)
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
      follow()
      for (const listener of replaced) inPeace(() => listener(doc), events.failed)
      events.swapped()
    },
    close,
  }
}
