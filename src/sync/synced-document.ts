/**
 * One document in this tab: the Y.Doc that screens hold, its copy in storage, its place in the log, and what of it
 * is not yet on the server. Bytes that come from outside are decoded before they come near the document; what cannot
 * be read is set aside with its place, and the document goes on. [S6]
 */
import * as Y from 'yjs'
import { applyUpdate, inPeace } from './apply-update.ts'
import type { LogCode } from './connection-log-line.ts'
import { isIncomplete } from './incomplete-copy.ts'
import { makeHearsay } from './direct/hearsay.ts'
import { standsOn } from './direct/stands-on.ts'
import { makeDocumentLog, type DocumentLog } from './document-log.ts'
import { makeDocumentWriter } from './document-writer.ts'
import type { DocumentWriter } from './writer-contract.ts'
import { copyOfStorage, type FreshCopy } from './fresh-copy.ts'
import { newDocument } from './new-document.ts'
import { FROM_LOG, FROM_SIBLING, FROM_STORAGE, isOwnEdit, LOCAL } from './origins.ts'
import type { PendingChanges } from './pending-changes.ts'
import { STORAGE_FORMAT, type PendingRecord, type StoredContent, type SyncPorts } from './ports.ts'
import { subjectOf } from './subject-of.ts'
import type { ChangeSubject } from './sync-engine.ts'
import { corruptRecord, malformedAnswer, notGiven, updateSetAside } from './sync-problems.ts'
import type { SyncProblem } from './sync-state.ts'
import { makeToldBySiblings, type Told } from './told-by-siblings.ts'
import { deletedRanges } from './update-ranges.ts'

export interface DocumentEvents {
  /** This tab leads: it alone stores how far the log is read. */
  leads(): boolean
  /** Something was edited here: to be pushed, and shown to sibling tabs. `number` counts what is told of it. */
  edited(
    document: SyncedDocument,
    update: Uint8Array,
    records: readonly PendingRecord[],
    number: number,
  ): void
  /** The log brought these. */
  logged(document: SyncedDocument, updates: readonly Uint8Array[], number: number): void
  /** Everything told up to this number is on the device. */
  kept(document: SyncedDocument, through: number): void
  /** What another person's device told is for us to push. */
  adopted(): void
  /** Resolves when the device durably knows that this document holds something unsent. */
  marked(documentId: string): Promise<void>
  /** Storage was written by a newer app. */
  outdated(): void
  /** A state that the screens may show has changed. */
  changed(): void
}

export interface SyncedDocument extends Omit<DocumentLog, 'begin' | 'take'> {
  readonly id: string
  readonly doc: Y.Doc
  readonly loaded: Promise<void>
  readonly filled: Promise<void>
  readonly pending: PendingChanges
  readonly writer: DocumentWriter
  readonly problem: SyncProblem | null
  /** How often the copy of this document was replaced by what the server has. */
  readonly generation: number
  /** The number under which all that is here now is told; 0 when it is on the device. */
  count(): number
  isEmpty(): boolean
  /** When it was opened and nothing at all was stored of it. */
  readonly bareAt: number | null
  onReplaced(listener: (doc: Y.Doc) => void): () => void
  change<T>(subject: ChangeSubject, edit: (doc: Y.Doc) => T): T
  refusedToPull(code: string): void
  /** The server's first answer has come, here or in the tab that leads. */
  answered(): void
  /** What another device told directly. [S14] */
  hearDirectly(update: Uint8Array): void
  /** The document, and how much of it, without what others only told. */
  encodeReal(vector?: Uint8Array): Uint8Array
  realVector(): Uint8Array
  /** What another tab edited, or has and we lacked. False when something that it stands on is not here. */
  applySibling(told: Told): boolean
  /** What the log brought to the tab that leads. */
  applyLogged(updates: readonly Uint8Array[], told: Pick<Told, 'tab' | 'number'>): void
  siblingStored(tab: string, through: number): void
  /** Stores what siblings told and may not have stored. */
  keepTold(): void
  /** Leads from here on: what is stored is read again, and is where it begins. */
  lead(): Promise<void>
  /** Puts another copy in place of it; `elsewhere`: a sibling has put it into the storage that we share. */
  replace(copy: FreshCopy, generation: number, elsewhere?: boolean): Promise<void>
  close(): Promise<void>
}

export function makeSyncedDocument(
  id: string,
  ports: Pick<SyncPorts, 'clock' | 'random' | 'storage' | 'log' | 'locks'>,
  pending: PendingChanges,
  events: DocumentEvents,
): SyncedDocument {
  const { clock, random, storage, log: note } = ports
  let doc = newDocument(id, random)
  let generation = 0
  let problem: SyncProblem | null = null
  let refusal: SyncProblem | null = null
  let subject: ChangeSubject | null = null
  let answered = false
  let opened = false
  let bareAt: number | null = null
  let promoted = false
  let told = 0
  let keptThrough = 0
  let fill = () => {}
  const filled = new Promise<void>((resolve) => {
    fill = resolve
  })
  const replaced = new Set<(doc: Y.Doc) => void>()

  const isEmpty = () => !answered && Y.encodeStateVector(doc).byteLength <= 1

  const report = (found: SyncProblem, code: LogCode) => {
    problem = found
    note({ code, doc: id })
    events.changed()
  }

  const peacefully = (work: () => void) =>
    inPeace(work, (error) => note({ code: 'failed', doc: id, reason: error }))
  const together = (origin: string, work: () => void) => {
    peacefully(() => Y.transact(doc, work, origin, false))
    hearsay.applied()
  }

  const absorb = (bytes: readonly Uint8Array[]): boolean => {
    let whole = true
    together(FROM_STORAGE, () => {
      for (const update of bytes)
        whole = applyUpdate(doc, update, FROM_STORAGE, hearsay.shown) !== null && whole
    })
    return whole
  }

  const takeIn = (content: StoredContent) => {
    if (content.format > STORAGE_FORMAT) events.outdated()
    if (content.generation < generation) return 'replaced'
    // It was replaced while this page was frozen, or in the cache of the back button.
    if (opened && content.generation > generation) {
      writer.forget()
      put(copyOfStorage(id, content, random), content.generation)
    }
    generation = content.generation
    if (!opened && content.updates.length === 0 && content.sync === null) bareAt = clock.now()
    const whole = absorb(content.updates) && !isIncomplete(doc, content.sync)
    log.take(content.sync, promoted)
    pending.restore(content.pending)
    if (!opened) hearsay.restore(content.told ?? [])
    if (content.setAside.length > 0) report(updateSetAside(id, content.setAside), 'update-set-aside')
    if (whole) return 'whole'
    // What the record held is read from the log again, and what the server has is asked anew.
    log.restart(null)
    report(corruptRecord(id), 'corrupt-record')
    return 'corrupt'
  }

  const writer = makeDocumentWriter(
    clock,
    storage,
    {
      id,
      pending,
      absorb: takeIn,
      absorbUnseen: absorb,
      encode: () => hearsay.encodeReal(),
      position: () => (events.leads() ? log.position.record() : null),
      get generation() {
        return generation
      },
      marked: () => events.marked(id),
      report: (code) => note({ code, doc: id }),
      written() {
        if (keptThrough === told) return
        keptThrough = told
        events.kept(self, told)
      },
    },
    events.changed,
  )

  const hearsay = makeHearsay(ports, {
    id,
    doc: () => doc,
    swap: (next) => swap(next),
    store: (records) => writer.keepTold(records),
    unstore: (ids) => writer.forgetTold(ids),
    adopted() {
      log.unsent.takeDifference()
      events.adopted()
    },
    brought(update) {
      writer.add(update)
      events.logged(self, [update], ++told)
    },
  })

  const siblings = makeToldBySiblings(({ update, records }) => {
    pending.adopt(records)
    writer.add(update)
  })

  const log = makeDocumentLog(random, {
    doc: () => doc,
    pending,
    hearsay,
    together: (work) => together(FROM_LOG, work),
    brought(updates) {
      for (const update of updates) writer.add(update)
      events.logged(self, updates, ++told)
    },
    keepTold: siblings.keep,
    settled(changes) {
      pending.settle(changes)
      writer.settle(changes)
    },
    setAside(updates) {
      writer.setAside(updates)
      report(updateSetAside(id, updates), 'update-set-aside')
    },
    moved: () => writer.touch(),
  })

  const onUpdate = (update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) => {
    if (origin === FROM_LOG) return
    const deletes = deletedRanges(transaction.deleteSet)
    // Tabs that work alone know nothing of each other's journals.
    if (ports.locks === null && (origin === FROM_SIBLING || (origin === FROM_STORAGE && opened)))
      log.unsent.heardDeletions(deletes)
    if (!isOwnEdit(origin)) return
    const record = pending.note(subject ?? subjectOf(transaction, id), doc.clientID, deletes.length > 0)
    log.unsent.emitted(update)
    siblings.keep()
    hearsay.standOn()
    writer.add(update)
    events.edited(self, update, [record], ++told)
    events.changed()
  }
  doc.on('update', onUpdate)

  /** Another document object, of which nothing is unsent. */
  const put = (copy: FreshCopy, next: number) => {
    const dropped = pending.entries().map(({ record }) => ({ id: record.id, rev: record.rev }))
    generation = next
    log.begin(copy.position)
    siblings.forget()
    pending.settle(dropped)
    problem = null
    swap(copy.doc)
    hearsay.replaced()
  }

  const swap = (next: Y.Doc) => {
    doc.off('update', onUpdate)
    doc.destroy()
    doc = next
    doc.on('update', onUpdate)
    for (const listener of replaced) peacefully(() => listener(doc))
    events.changed()
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
    pending,
    writer,
    get problem() {
      return problem ?? refusal
    },
    get generation() {
      return generation
    },
    count: () => (writer.idle ? 0 : ++told),
    get position() {
      return log.position
    },
    unsent: log.unsent,
    get comparable() {
      return log.comparable
    },
    isEmpty,
    get bareAt() {
      return bareAt
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
    applyPulled(answer, known) {
      const first = !answered
      self.answered()
      // A conversation is nobody's until it is first written in; and rights are given back.
      if (refusal) events.changed()
      refusal = null
      const read = log.applyPulled(answer, known)
      // Tabs that have it open wait for the first answer as this one does.
      if (first) events.logged(self, [], told)
      return read
    },
    refusedToPull(code) {
      self.answered()
      events.logged(self, [], told)
      refusal = code === 'malformed_answer' ? malformedAnswer(id) : notGiven(id, code)
      note({ code: 'document-not-given', doc: id, reason: code })
      events.changed()
    },
    hear: log.hear,
    catchUpWithHints: log.catchUpWithHints,
    forgetHints: log.forgetHints,
    accepted(place, after, epoch) {
      refusal = null
      log.accepted(place, after, epoch)
    },
    restart: log.restart,
    answered() {
      answered = true
      fill()
    },
    hearDirectly: hearsay.hear,
    encodeReal: hearsay.encodeReal,
    realVector: hearsay.realVector,
    applySibling(from) {
      const grounded = isGrounded(doc, from.update)
      together(FROM_SIBLING, () => void applyUpdate(doc, from.update, FROM_SIBLING, hearsay.shown))
      if (from.number > 0) siblings.add(from)
      if (!isEmpty()) fill()
      return grounded
    },
    applyLogged(updates, { tab, number }) {
      together(FROM_LOG, () => {
        for (const update of updates) {
          const content = applyUpdate(doc, update, FROM_LOG, hearsay.shown)
          if (!content) continue
          log.unsent.seen(content)
          siblings.add({ tab, number, update, records: [] })
        }
      })
      self.answered()
    },
    siblingStored: siblings.stored,
    keepTold: siblings.keep,
    async lead() {
      siblings.keep()
      promoted = true
      await (opened ? writer.reread() : loaded)
      promoted = false
      // Also where the storage could not be read: what this tab edited as a follower was for another to push.
      log.unsent.takeDifference()
    },
    rest: log.rest,
    async replace(copy, next, elsewhere = false) {
      if (elsewhere) writer.forget()
      put(copy, next)
      if (!elsewhere) await writer.replace()
    },
    async close() {
      await writer.close()
      hearsay.stop()
      doc.off('update', onUpdate)
      doc.destroy()
    },
  }
  return self
}

/** Bytes that cannot be read stand on nothing. */
function isGrounded(doc: Y.Doc, update: Uint8Array): boolean {
  try {
    return standsOn(doc, update)
  } catch {
    return false
  }
}
