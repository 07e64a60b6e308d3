/**
 * What other devices told directly of one document before the log has it. [S14] It is on the screen at once, and left
 * out of all that is stored, pushed or told on, until a line of the log shows the same. So that it can be left out
 * exactly, the document collects no garbage while something is unconfirmed, and deletions that merely follow from an
 * unconfirmed insertion are told apart from those that somebody made.
 */
import * as Y from 'yjs'
import { inPeace } from '../apply-update.ts'
import { FROM_HINT, isOwnEdit } from '../origins.ts'
import { contentOf, deletedRanges, type ClockRange, type UpdateContent } from '../update-ranges.ts'
import { makeClockSet, type ClockSet } from './clock-set.ts'
import { collect, collectedIn } from './collected.ts'
import { hangingIn } from './hanging.ts'
import { comparedTo } from './same-content.ts'
import { standsOn } from './stands-on.ts'
import { makeWaitingForGround, type Told } from './waiting-for-ground.ts'
import { withoutRanges } from './without-ranges.ts'

// Above this hearsay is passed over, which costs latency alone. [S20]
const MOST = 1_000
const MOST_BYTES = 1_000_000

interface Laid extends Told {
  /** What of it is not yet confirmed. */
  readonly inserts: ClockSet
  readonly deletes: ClockSet
}

export interface Unconfirmed {
  readonly empty: boolean
  /** Nothing is held, nothing waits, and nothing is to be said about what was. */
  readonly still: boolean
  /** Something is for us to push. */
  readonly adopted: boolean
  /** It, as it was told. */
  ours(): readonly Uint8Array[]
  /** When the oldest was told that is for others to push; null when there is none. */
  readonly oldest: number | null
  /** Lays what was told into the document. False when that is not to be trusted any more. [S19] */
  hear(update: Uint8Array, kept?: string): boolean
  /** It was heard under this id. */
  has(id: string): boolean
  /** Hears again what waited for its ground. False as above. */
  hearWaiting(): boolean
  /** What was heard by the document before this one, as far as it is still believed. False as above. */
  hearAgain(stillStored?: boolean): boolean
  /** These bytes are real, and about to be applied. False when they contradict what was told. */
  shown(update: Uint8Array, content: UpdateContent): boolean
  /** The log holds this. */
  confirmed(content: UpdateContent): void
  /** Nobody seems to push what was told before: it counts as ours. What waits is given up. */
  adopt(toldBefore: number): void
  /** The server did not take from us what was adopted; or from the tab that leads, and then nothing is believed. */
  disown(all: boolean): boolean
  /** What is to be stored now, since something of ours stands on it [S16]; or again, since storage was lost. */
  keep(again: boolean): readonly Pick<Told, 'id' | 'update'>[]
  /** What need not be stored any more; each is named once. */
  settled(): readonly string[]
  /** The document without it. */
  encodeReal(vector?: Uint8Array): Uint8Array
  /** How much of each client's writing the document holds without it. */
  realVector(): Uint8Array
  /** The document without what is for others to push. */
  encodeOurs(vector: Uint8Array): Uint8Array
  /** How many clocks of this range are for others to push. */
  foreign(range: ClockRange): number
}

export function makeUnconfirmed(
  document: () => Y.Doc,
  now: () => number,
  newId: () => string,
  onFailure: (errorName: string) => void,
): Unconfirmed {
  let laid: Laid[] = []
  let bytes = 0
  let settled: string[] = []
  let watched: Y.Doc | null = null
  const disputed = new Set<Told>()
  const waiting = makeWaitingForGround((id) => settled.push(id))
  // Deletions that follow from what is unconfirmed; laying it again makes them again.
  const implied = makeClockSet()
  // Deletions that somebody real made meanwhile, maybe of what comes only later.
  const made = makeClockSet()
  // What was deleted meanwhile, and is still to be collected.
  const uncollected = makeClockSet()

  const watch = (doc: Y.Doc) => {
    if (watched === doc) return
    watched = doc
    uncollected.clear()
    doc.gcFilter = () => laid.length === 0
    doc.on('beforeObserverCalls', (transaction) => {
      if (laid.length === 0) return
      const deleted = deletedRanges(transaction.deleteSet)
      uncollected.add(deleted)
      if (isOwnEdit(transaction.origin)) return
      implied.add(deleted.flatMap((range) => made.outside(range)))
    })
    doc.on('afterAllTransactions', () => {
      if (laid.length === 0 && !uncollected.empty) collect(doc, uncollected)
    })
  }

  const drop = (which: (one: Laid) => boolean) => {
    for (const one of laid) {
      if (!which(one)) continue
      bytes -= one.update.byteLength
      if (one.stored) settled.push(one.id)
    }
    laid = laid.filter((one) => !which(one))
    if (laid.length > 0) return
    implied.clear()
    made.clear()
  }

  const dropConfirmed = () => drop(({ inserts, deletes }) => inserts.empty && deletes.empty)

  const distrust = (one: Told) => !disputed.add(one)

  const hear = (one: Told): boolean => {
    const doc = document()
    const content = readContent(one.update)
    // Nobody else writes as this document's own client.
    const forged = content?.inserts.some(({ client }) => client === doc.clientID) ?? true
    if (!content || forged || laid.length >= MOST || bytes + one.update.byteLength > MOST_BYTES) {
      if (one.stored) settled.push(one.id)
      return true
    }
    const hanging = hangingIn(doc)
    const real = makeClockSet(hanging.inserts)
    if (content.inserts.some((range) => real.within(range).length > 0) || !standsOn(doc, one.update)) {
      waiting.add(one)
      return true
    }
    watch(doc)
    // What hangs may come to stand now, in the same transaction.
    made.add(hanging.deletes)
    const fresh = content.inserts.map((range) => ({
      ...range,
      from: Math.max(range.from, Y.getState(doc.store, range.client)),
    }))
    const told: Laid = { ...one, inserts: makeClockSet(fresh), deletes: makeClockSet() }
    laid.push(told)
    bytes += one.update.byteLength
    const deleted = makeClockSet()
    let whole = false
    const note = (transaction: Y.Transaction) => deleted.add(deletedRanges(transaction.deleteSet))
    doc.once('beforeObserverCalls', note)
    inPeace(() => {
      const lay = () => {
        try {
          Y.applyUpdate(doc, one.update, FROM_HINT)
          whole = true
        } catch {
          // Half of it may be in the document.
        }
      }
      Y.transact(doc, lay, FROM_HINT, false)
    }, onFailure)
    const gone = fresh.flatMap((range) => collectedIn(doc, range))
    deleted.add(gone)
    implied.add(gone)
    // What only followed before is now somebody's word.
    deleted.add(content.deletes.flatMap((range) => implied.within(range)))
    implied.remove(content.deletes)
    const theirs = makeClockSet(content.deletes.flatMap((range) => made.outside(range)))
    told.deletes.add(deleted.list().flatMap(theirs.within))
    if (!whole) return distrust(told)
    dropConfirmed()
    return true
  }

  const encode = (which: (one: Laid) => boolean, vector?: Uint8Array) => {
    const left = laid.filter(which)
    return withoutRanges(
      Y.encodeStateAsUpdate(document(), vector),
      makeClockSet(left.flatMap(({ inserts }) => inserts.list())),
      makeClockSet([...left.flatMap(({ deletes }) => deletes.list()), ...implied.list()]),
    )
  }

  const self: Unconfirmed = {
    get empty() {
      return laid.length === 0
    },
    get still() {
      return laid.length === 0 && waiting.list().length === 0 && settled.length === 0
    },
    get adopted() {
      return laid.some(({ adopted }) => adopted)
    },
    ours: () => laid.flatMap(({ adopted, update }) => (adopted ? [update] : [])),
    get oldest() {
      return [...laid, ...waiting.list()].find(({ adopted }) => !adopted)?.at ?? null
    },
    hear: (update, kept) =>
      hear({ id: kept ?? newId(), update, at: now(), adopted: false, stored: kept !== undefined }),
    has: (id) => [...laid, ...waiting.list()].some((one) => one.id === id),
    hearWaiting() {
      for (let before = Infinity; waiting.list().length < before;) {
        before = waiting.list().length
        if (!waiting.take().map(hear).every(Boolean)) return false
      }
      return true
    },
    hearAgain(stillStored = true) {
      const before = [...laid, ...waiting.take()].filter((one) => !disputed.has(one))
      drop((one) => disputed.has(one))
      disputed.clear()
      laid = []
      bytes = 0
      implied.clear()
      made.clear()
      return before.map((one) => hear({ ...one, stored: one.stored && stillStored })).every(Boolean)
    },
    shown(update, content) {
      if (laid.length === 0) return true
      made.add(content.deletes)
      implied.remove(content.deletes)
      const same = comparedTo(update)
      const agrees = (one: Laid) => {
        const common = content.inserts.flatMap(one.inserts.within)
        return common.length === 0 || same(one.update, common) || distrust(one)
      }
      const agree = laid.map(agrees).every(Boolean)
      if (agree) self.confirmed(content)
      return agree
    },
    confirmed({ inserts, deletes }) {
      for (const one of laid) {
        one.inserts.remove(inserts)
        one.deletes.remove(deletes)
      }
      dropConfirmed()
    },
    adopt(toldBefore) {
      // Also what seems to come from the future: the device's clock was put back.
      for (const one of laid) if (one.at <= toldBefore || one.at > now()) one.adopted = true
      waiting.forget(toldBefore)
    },
    disown(all) {
      for (const one of laid) if (all || one.adopted) disputed.add(one)
      return disputed.size > 0
    },
    keep(again) {
      const these = laid.filter(({ stored }) => stored === again)
      for (const one of these) one.stored = true
      return these.map(({ id, update }) => ({ id, update }))
    },
    settled() {
      const ids = settled
      settled = []
      return ids
    },
    encodeReal: (vector) => encode(() => true, vector),
    realVector() {
      const vector = Y.decodeStateVector(Y.encodeStateVector(document()))
      for (const { client, from } of laid.flatMap(({ inserts }) => inserts.list()))
        vector.set(client, Math.min(from, vector.get(client) ?? from))
      return Y.encodeStateVector(vector)
    },
    encodeOurs: (vector) => encode(({ adopted }) => !adopted, vector),
    foreign: (range) =>
      laid
        .filter(({ adopted }) => !adopted)
        .flatMap(({ inserts }) => inserts.within(range))
        .reduce((sum, { from, to }) => sum + to - from, 0),
  }
  return self
}

function readContent(update: Uint8Array): UpdateContent | null {
  try {
    return contentOf(update)
  } catch {
    return null
  }
}
