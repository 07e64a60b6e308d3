/**
 * Documents between the tabs of one person. [T3] An edit is told to all in the task that makes it, also offline, with
 * the change that it is about; each tab stores its own and says so. What the log brings is stored by the leader and
 * told to the others. Whoever opens a document, or hears a new leader, says what it has; the answer is what it lacks,
 * and so is the answer of the other side. Tabs that work alone tell each other their edits and nothing else.
 */
import * as Y from 'yjs'
import type { DocumentReplacing } from './document-replacing.ts'
import type { Journal } from './journal.ts'
import type { OpenDocuments } from './open-documents.ts'
import type { PendingRecord } from './ports.ts'
import type { SyncedDocument } from './document-contract.ts'
import type { DocumentWord } from './tab-messages.ts'
import type { TabRoom } from './tab-room.ts'
import { contentOf } from './update-ranges.ts'

export interface TabRelay {
  hear(word: DocumentWord, from: string): void
  /** Says what this tab has of the document, so that it is told what it lacks. */
  greet(document: SyncedDocument): void
  /** Its storage held more than was here since this state: of a tab that died, which told nobody. */
  found(document: SyncedDocument, since: Uint8Array): void
  /** What others told and nobody confirms is for the tab that leads to push: it may not have heard of it. [S18] */
  handOver(document: SyncedDocument): void
}

export interface TabRelayWork {
  readonly documents: OpenDocuments
  readonly journal: Journal
  readonly replacing: DocumentReplacing
  /** The tabs share one leader and one journal. */
  readonly shared: boolean
  leads(): boolean
  /** Another tab has edited it: for the leader to push. */
  siblingEdited(document: SyncedDocument, update: Uint8Array): void
}

export function makeTabRelay(room: TabRoom, work: TabRelayWork): TabRelay {
  const { documents, journal, replacing, shared } = work

  const say = (document: SyncedDocument, to: string | null) => {
    const { id, generation, pending } = document
    const records = shared ? pending.ours() : []
    room.say({ kind: 'hello', doc: id, generation, to, vector: document.realVector(), records })
  }

  /** The other has, or may have, something that we lack. */
  const lacks = ({ id, doc }: SyncedDocument, vector: Uint8Array, records: readonly PendingRecord[]) => {
    const held = Y.decodeStateVector(Y.encodeStateVector(doc))
    const ahead = [...Y.decodeStateVector(vector)].some(([client, clock]) => clock > (held.get(client) ?? 0))
    return ahead || !journal.of(id).holds(records)
  }

  const greeted = async (word: DocumentWord & { kind: 'hello' }, from: string) => {
    const leads = work.leads()
    if (word.to !== room.tab && (word.to !== null || !leads)) return
    const document = leads && shared ? documents.hold(word.doc, from) : documents.find(word.doc)
    if (!document) return
    // Before its own copy is read, all of it would seem to be lacking.
    await document.loaded
    if (word.generation < document.generation) return replacing.tell(document)
    // The tab that dropped did not live to store it: this one asks for the newer copy.
    if (word.generation > document.generation) return say(document, from)
    document.keepTold()
    const { id, generation, pending } = document
    const update = document.encodeReal(word.vector)
    const records = shared ? pending.ours() : []
    room.say({ kind: 'lacking', doc: id, generation, update, records, number: document.count() })
    if (!leads || !shared) return
    // It may have slept, or have opened the document, while these were settled.
    const changes = pending.settledOf(word.records)
    const fates = [{ is: 'settled', changes } as const]
    if (changes.length > 0) room.say({ kind: 'fates', doc: id, generation, fates })
    if (lacks(document, word.vector, word.records)) say(document, from)
  }

  const edited = (word: DocumentWord & { kind: 'edited' | 'lacking' }, from: string) => {
    const leads = shared && work.leads()
    const document = leads ? documents.hold(word.doc, from) : documents.find(word.doc)
    if (document && document.generation !== word.generation) return
    const { update, records, number } = word
    const held = document?.applySibling({ tab: from, number, update, records }) ?? false
    if (shared) journal.of(word.doc).told(records, held)
    // A deletion of what comes only later shows in no state vector, and its change may be given up by then.
    if (document && !held) document.unsent.heardDeletions(contentOf(update).deletes)
    if (!leads || !document) return
    if (word.kind === 'edited' && held) document.unsent.emitted(update)
    else document.unsent.takeDifference()
    // What it stands on is still with the one who made it, or on the device.
    if (word.kind === 'edited' && !held) say(document, from)
    work.siblingEdited(document, update)
  }

  const logged = (
    document: SyncedDocument,
    updates: readonly Uint8Array[],
    told: { tab: string; number: number },
  ) => {
    // One that led before us, and slept, does not know what the server lost since.
    const leads = shared && work.leads()
    document.applyLogged(updates, told, !leads)
    if (leads) document.unsent.takeDifference()
  }

  const handOver = ({ id, generation, adopted }: SyncedDocument) => {
    for (const update of adopted()) room.say({ kind: 'told', doc: id, generation, update })
  }

  return {
    greet(document) {
      say(document, null)
      handOver(document)
    },
    handOver,
    found(document, since) {
      if (!work.leads()) return say(document, null)
      const { id, generation, pending } = document
      const update = document.encodeReal(since)
      room.say({ kind: 'lacking', doc: id, generation, update, records: pending.ours(), number: 0 })
    },
    hear(word, from) {
      if (word.kind === 'hello') return void greeted(word, from)
      if (word.kind === 'edited' || word.kind === 'lacking') return edited(word, from)
      const document = documents.find(word.doc)
      if (word.kind === 'fates') {
        if (!shared) return
        journal.of(word.doc).hear(word.fates)
        if (!document) journal.closed(word.doc)
        return
      }
      if (!document) return
      replacing.hear(word, document, from)
      if (document.generation !== word.generation) return
      if (word.kind === 'logged') logged(document, word.updates, { tab: from, number: word.number })
      if (word.kind === 'told') document.hearDirectly(word.update)
      if (word.kind === 'untold') document.untold()
      if (word.kind === 'kept') document.siblingStored(from, word.through)
    },
  }
}
