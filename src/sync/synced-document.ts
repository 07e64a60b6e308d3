/**
 * One document on this device: the Y.Doc that screens hold, its copy in storage, its place in the log, and what of it
 * is not yet on the server. Bytes that come from outside are decoded before they come near the document; what cannot
 * be read is set aside with its place, and the document goes on. [S6]
 */
import * as Y from 'yjs'
import { applyUpdate, inPeace } from './apply-update.ts'
import { makeDocumentWriter, type DocumentWriter } from './document-writer.ts'
import type { FreshCopy } from './fresh-copy.ts'
import { makeHintBuffer } from './hint-buffer.ts'
import { newDocument } from './new-document.ts'
import { linesOf, makeLogPosition, type LogPosition } from './log-position.ts'
import { FROM_LOG, FROM_SIBLING, FROM_STORAGE, isOwnEdit, LOCAL } from './origins.ts'
import { makePendingChanges, type PendingChanges } from './pending-changes.ts'
import type {
  Cursor,
  LoggedUpdate,
  PulledDocument,
  SetAside,
  StoredContent,
  SyncPorts,
  UpdateHint,
} from './ports.ts'
import { subjectOf } from './subject-of.ts'
import type { ChangeSubject } from './sync-engine.ts'
import { corruptRecord, notGiven, updateSetAside } from './sync-problems.ts'
import type { SyncProblem } from './sync-state.ts'
import { makeToldBySiblings } from './told-by-siblings.ts'
import { makeUnsent, type Unsent } from './unsent.ts'
import { deletedRanges } from './update-ranges.ts'

export interface DocumentEvents {
  /** Something was edited here: to be pushed, and shown to sibling tabs. */
  edited(document: SyncedDocument, update: Uint8Array): void
  /** A state that the screens may show has changed. */
  changed(): void
}

export interface SyncedDocument {
  readonly id: string
  readonly doc: Y.Doc
  readonly loaded: Promise<void>
  readonly filled: Promise<void>
  readonly position: LogPosition
  readonly unsent: Unsent
  readonly pending: PendingChanges
  readonly writer: DocumentWriter
  readonly problem: SyncProblem | null
  /** False from a restart of the log until it is read to its head: till then nobody knows what it lacks. [S4] */
  readonly comparable: boolean
  isEmpty(): boolean
  onReplaced(listener: (doc: Y.Doc) => void): () => void
  change<T>(subject: ChangeSubject, edit: (doc: Y.Doc) => T): T
  /** A page of the log. False when the log has to be read from its start. */
  applyPulled(answer: PulledDocument): boolean
  refusedToPull(code: string): void
  /** True when a pull is needed to go on. */
  hear(hint: UpdateHint): boolean
  /** Applies the hints that now follow the cursor. True when a gap is left. */
  catchUpWithHints(): boolean
  /** Hints that no pull could reach are not waited for: the slow timer looks again. */
  forgetHints(): void
  /** The log took our operation at this place, right after that one; in another epoch, it is read from its start. */
  accepted(place: { seq: number; op_id: string }, after: Cursor, epoch: string): void
  applySibling(update: Uint8Array): void
  restart(epoch: string | null): void
  /** Drops what is unsent; `elsewhere`: a sibling did, and has put this into the storage that we share. */
  replace(copy: FreshCopy, elsewhere?: boolean): Promise<void>
  close(): Promise<void>
}

export function makeSyncedDocument(
  id: string,
  { clock, random, storage, log }: Pick<SyncPorts, 'clock' | 'random' | 'storage' | 'log'>,
  events: DocumentEvents,
): SyncedDocument {
  let doc = newDocument(id, random)
  let position = makeLogPosition(null)
  let problem: SyncProblem | null = null
  let comparable = true
  let subject: ChangeSubject | null = null
  let answered = false
  let opened = false
  let fill = () => {}
  const filled = new Promise<void>((resolve) => {
    fill = resolve
  })
  const pending = makePendingChanges({ clock, random })
  const hints = makeHintBuffer()
  const replaced = new Set<(doc: Y.Doc) => void>()
  const unsent = makeUnsent(
    () => doc,
    () => position,
    pending,
    random,
    (changes) => {
      pending.settle(changes)
      writer.settle(changes)
    },
    () => told.keep(),
  )

  const isEmpty = () => !answered && Y.encodeStateVector(doc).byteLength <= 1

  const report = (found: SyncProblem) => {
    problem = found
    log(`${found.code} ${id}`)
    events.changed()
  }

  const peacefully = (work: () => void) =>
    inPeace(work, (error) => log(`a listener of ${id} failed: ${error}`))
  const together = (origin: string, work: () => void) => peacefully(() => Y.transact(doc, work, origin))

  const absorb = (bytes: readonly Uint8Array[]): boolean => {
    let whole = true
    together(FROM_STORAGE, () => {
      for (const update of bytes) whole = applyUpdate(doc, update, FROM_STORAGE) !== null && whole
    })
    return whole
  }

  const writer = makeDocumentWriter(
    clock,
    storage,
    {
      id,
      pending,
      absorb(content: StoredContent) {
        const whole = absorb(content.updates)
        if (content.sync && position.cursor.seq === 0 && position.epoch === null) {
          position = makeLogPosition(content.sync)
        }
        pending.restore(content.pending)
        unsent.takeDifference()
        if (content.setAside.length > 0) report(updateSetAside(id, content.setAside))
        if (whole) return true
        // What the record held is read from the log again, and what the server has is asked anew.
        self.restart(null)
        report(corruptRecord(id))
        return false
      },
      absorbUnseen: absorb,
      encode: () => Y.encodeStateAsUpdate(doc),
      position: () => position.record(),
    },
    events.changed,
  )

  const told = makeToldBySiblings((update) => writer.add(update))

  const onUpdate = (update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) => {
    if (origin === FROM_LOG) return
    const deletes = deletedRanges(transaction.deleteSet)
    if (origin === FROM_SIBLING) told.add(update)
    if (origin === FROM_SIBLING || (origin === FROM_STORAGE && opened)) unsent.heardDeletions(deletes)
    if (!isOwnEdit(origin)) return
    pending.note(subject ?? subjectOf(transaction, id), doc.clientID, deletes.length > 0)
    unsent.emitted(update)
    told.keep()
    writer.add(update)
    events.edited(self, update)
    events.changed()
  }
  doc.on('update', onUpdate)

  const applyLogged = (logged: readonly LoggedUpdate[]) => {
    const fresh = logged.filter(({ seq }) => seq > position.cursor.seq)
    if (fresh.length === 0) return
    const aside: SetAside[] = []
    together(FROM_LOG, () => {
      for (const { seq, op_id, update } of fresh) {
        const own = unsent.isOutgoing(op_id)
        const content = applyUpdate(doc, update, FROM_LOG)
        if (content) unsent.seen(content)
        if (!content || update === null) aside.push({ seq, op_id })
        else if (!own) writer.add(update)
        position.reach({ seq, op_id })
      }
    })
    writer.touch()
    if (aside.length === 0) return
    writer.setAside(aside)
    report(updateSetAside(id, aside))
  }

  const markAnswered = () => {
    answered = true
    fill()
  }

  const read = async () => {
    await writer.open()
    opened = true
    if (!isEmpty()) fill()
    events.changed()
  }
  const loaded = read()

  const self: SyncedDocument = {
    id,
    get doc() {
      return doc
    },
    loaded,
    filled,
    get position() {
      return position
    },
    unsent,
    pending,
    writer,
    get problem() {
      return problem
    },
    get comparable() {
      return comparable
    },
    isEmpty,
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
    applyPulled(answer) {
      markAnswered()
      if (answer.reset || !position.agreesWith(answer)) {
        self.restart(answer.epoch)
        // Its lines follow the place that was just given up.
        if (!answer.reset) return false
      }
      applyLogged(linesOf(answer))
      if (!answer.more) comparable = true
      writer.touch()
      return true
    },
    refusedToPull(code) {
      markAnswered()
      report(notGiven(id, code))
    },
    hear(hint) {
      hints.add(hint, position.cursor)
      return hints.needsPull(position.cursor)
    },
    catchUpWithHints() {
      for (let next = hints.take(position.cursor); next !== null; next = hints.take(position.cursor)) {
        if (position.isContradictedBy(next)) return true
        applyLogged([next])
      }
      return hints.needsPull(position.cursor)
    },
    forgetHints: () => hints.clear(),
    accepted(place, after, epoch) {
      if (!position.isStill(epoch)) return self.restart(epoch)
      unsent.accepted(place.op_id)
      position.know(place, after)
    },
    applySibling(update) {
      together(FROM_SIBLING, () => void applyUpdate(doc, update, FROM_SIBLING))
    },
    restart(epoch) {
      position.restart(epoch)
      comparable = false
      unsent.restart()
      hints.clear()
      writer.touch()
    },
    async replace(copy, elsewhere = false) {
      const dropped = pending.list(id).map(({ id: change }) => change)
      doc.off('update', onUpdate)
      doc.destroy()
      ;({ doc, position } = copy)
      comparable = true
      told.forget()
      hints.clear()
      pending.settle(dropped)
      unsent.clear()
      problem = null
      doc.on('update', onUpdate)
      for (const listener of replaced) peacefully(() => listener(doc))
      events.changed()
      if (elsewhere) writer.forget()
      else await writer.replace(dropped)
    },
    async close() {
      await writer.close()
      doc.off('update', onUpdate)
      doc.destroy()
    },
  }
  return self
}
