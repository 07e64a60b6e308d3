/**
 * One document in this tab: the Y.Doc that screens hold, its copy in storage, its place in the log, and what of it
 * is not yet on the server. Bytes that come from outside are decoded before they come near the document; what cannot
 * be read is set aside with its place, and the document goes on. [S6]
 */
import * as Y from 'yjs'
import { applyAll, applyUpdate, isGrounded } from './apply-update.ts'
import { isIncomplete } from './incomplete-copy.ts'
import { makeHearsayToCome } from './direct/hearsay-to-come.ts'
import type { DocumentEvents, SyncedDocument } from './document-contract.ts'
import { makeDocumentLog } from './document-log.ts'
import { makeDocumentProblems } from './document-problems.ts'
import { makeDocumentWriter } from './document-writer.ts'
import { copyOfStorage, type FreshCopy } from './fresh-copy.ts'
import { makeHeldDoc } from './held-doc.ts'
import { newDocument } from './new-document.ts'
import { FROM_LOG, FROM_SIBLING, FROM_STORAGE } from './origins.ts'
import type { PendingChanges } from './pending-changes.ts'
import { STORAGE_FORMAT, type PendingRecord, type StoredContent, type SyncPorts } from './ports.ts'
import { subjectOf } from './subject-of.ts'
import { makeToldBySiblings } from './told-by-siblings.ts'
import { deletedRanges } from './update-ranges.ts'

export function makeSyncedDocument(
  id: string,
  ports: Pick<SyncPorts, 'clock' | 'random' | 'storage' | 'log' | 'locks'>,
  pending: PendingChanges,
  events: DocumentEvents,
): SyncedDocument {
  const { clock, random, storage, log: note } = ports
  let generation = 0
  // What the document held before something was found in its storage.
  let foundSince: Uint8Array | null = null
  let answered = false
  let opened = false
  let bareAt: number | null = null
  let promoted = false
  let told = 0
  let keptThrough = 0
  let fill = () => {}
  const filled = new Promise<void>((resolve) => void (fill = resolve))

  const isEmpty = () => !answered && Y.encodeStateVector(held.doc).byteLength <= 1
  const problems = makeDocumentProblems(id, note, events.changed)
  const together = (origin: string, work: () => void) => {
    held.together(origin, work)
    hearsay.applied()
  }

  const absorb = (bytes: readonly Uint8Array[]): boolean => {
    let whole = true
    foundSince = null
    together(FROM_STORAGE, () => {
      whole = applyAll(held.doc, bytes, FROM_STORAGE, hearsay.shown)
    })
    return whole
  }

  const tellFound = () => {
    if (foundSince) events.found(self, foundSince)
    foundSince = null
  }

  const takeIn = (content: StoredContent) => {
    if (content.format > STORAGE_FORMAT) events.outdated()
    if (content.generation < generation) return 'replaced'
    // It was replaced while this page was frozen, or in the cache of the back button.
    if (opened && content.generation > generation) {
      writer.forget()
      put(copyOfStorage(id, content, random), content.generation, pending.ours())
    }
    generation = content.generation
    if (content.updates.length > 0 || content.sync !== null) bareAt = null
    else if (!opened) bareAt = clock.now()
    const whole = absorb(content.updates) && !isIncomplete(held.doc, content.sync)
    log.take(content.sync, promoted)
    pending.restore(content.pending)
    hearsay.restore(content.told ?? [], opened)
    problems.setAside(content.setAside)
    tellFound()
    if (whole) return 'whole'
    // What the record held is read from the log again, and what the server has is asked anew.
    log.restart(null)
    problems.corrupt()
    return 'corrupt'
  }

  const writer = makeDocumentWriter(
    clock,
    storage,
    {
      id,
      pending,
      absorb: takeIn,
      absorbUnseen(updates) {
        absorb(updates)
        tellFound()
      },
      encode: () => hearsay.encodeReal(),
      told: () => hearsay.kept(),
      position: () => (events.leads() ? log.record() : null),
      get generation() {
        return generation
      },
      marked: () => events.marked(id),
      report(code) {
        note({ code, doc: id })
        if (code !== 'storage-lost') return
        keptThrough = -1
        events.unstored(id)
      },
      written() {
        if (keptThrough === told) return
        keptThrough = told
        events.kept(self, told)
      },
    },
    events.changed,
  )

  const hearsay = makeHearsayToCome(ports, {
    id,
    doc: () => held.doc,
    swap: (next) => held.swap(next),
    store: (records) => writer.keepTold(records),
    unstore(ids) {
      // What confirms it stands on the device no later than it goes.
      siblings.keep()
      writer.forgetTold(ids)
    },
    adopted() {
      log.unsent.takeDifference()
      events.adopted(self)
    },
    disowned: () => events.disowned(self),
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
    doc: () => held.doc,
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
      problems.setAside(updates)
    },
    moved: () => writer.touch(),
  })

  const heard = ({ origin, deleteSet, beforeState, afterState }: Y.Transaction) => {
    const grew = [...afterState].some(([client, clock]) => clock > (beforeState.get(client) ?? 0))
    if (origin === FROM_STORAGE && opened && (grew || deleteSet.clients.size > 0))
      foundSince = Y.encodeStateVector(beforeState)
    // Tabs that work alone know nothing of each other's journals.
    if (ports.locks === null && (origin === FROM_SIBLING || (origin === FROM_STORAGE && opened)))
      log.unsent.heardDeletions(deletedRanges(deleteSet))
  }

  const edited = (update: Uint8Array, transaction: Y.Transaction) => {
    const subject = held.subject ?? subjectOf(transaction, id)
    const record = pending.note(subject, held.doc.clientID, transaction.deleteSet.clients.size > 0)
    log.unsent.emitted(update)
    siblings.keep()
    hearsay.standOn()
    writer.add(update)
    events.edited(self, update, [record], ++told)
    events.changed()
  }

  const held = makeHeldDoc(newDocument(id, random), {
    edited,
    heard,
    swapped: events.changed,
    failed: (error) => note({ code: 'failed', doc: id, reason: error }),
  })

  /** Another document object, which holds nothing of what is `dropped`. */
  const put = (copy: FreshCopy, next: number, dropped: readonly PendingRecord[]) => {
    generation = next
    log.begin(copy.position)
    siblings.forget()
    pending.settle(dropped.map(({ id, rev }) => ({ id, rev })))
    problems.clear()
    held.swap(copy.doc)
    hearsay.replaced()
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
      return held.doc
    },
    loaded,
    filled,
    pending,
    writer,
    get problem() {
      return problems.current
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
    onReplaced: held.onReplaced,
    change: held.change,
    applyPulled(answer, known) {
      const first = !answered
      self.answered()
      // A conversation is nobody's until it is first written in; and rights are given back.
      problems.given()
      const read = log.applyPulled(answer, known)
      // Tabs that have it open wait for the first answer as this one does.
      if (first) events.logged(self, [], told)
      return read
    },
    refusedToPull(code) {
      self.answered()
      if (code === 'not_a_member') log.unknown()
      events.logged(self, [], told)
      problems.refused(code)
    },
    hear: log.hear,
    catchUpWithHints: log.catchUpWithHints,
    forgetHints: log.forgetHints,
    accepted(place, after, epoch) {
      problems.given()
      log.accepted(place, after, epoch)
    },
    restart: log.restart,
    answered() {
      answered = true
      fill()
    },
    understand: hearsay.come,
    hearDirectly: hearsay.hear,
    adopted: hearsay.ours,
    untold: hearsay.untold,
    encodeReal: hearsay.encodeReal,
    realVector: hearsay.realVector,
    applySibling(from) {
      const grounded = isGrounded(held.doc, from.update)
      together(FROM_SIBLING, () => void applyUpdate(held.doc, from.update, FROM_SIBLING, hearsay.shown))
      if (from.number > 0) siblings.add(from)
      if (!isEmpty()) fill()
      return grounded
    },
    applyLogged(updates, { tab, number }, acknowledged) {
      together(FROM_LOG, () => {
        for (const update of updates) {
          const content = applyUpdate(held.doc, update, FROM_LOG, hearsay.shown)
          if (!content) continue
          if (acknowledged) log.unsent.seen(content)
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
      // What others made meanwhile stands in the copy that they have.
      put(copy, next, elsewhere ? pending.ours() : pending.entries().map(({ record }) => record))
      if (!elsewhere) await writer.replace()
    },
    async close() {
      await writer.close()
      hearsay.stop()
      held.close()
    },
  }
  return self
}
