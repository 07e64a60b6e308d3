/**
 * The documents that are kept current without being open. [F2] Of each only its place is in memory. A check asks for
 * those whose time has come and for those that something told of, up to five hundred in one call; a page is stored
 * before the next one is asked for, so that what is on its way is never more than a page. A document that is opened
 * is lent to its Y.Doc until that is closed again: neither writes while the other does.
 */
import { topicOf } from '../domain/document-ids.ts'
import { keptEvery } from '../domain/freshness.ts'
import { makeKeptDocument, type KeptDocument } from './kept-document.ts'
import { START } from './log-position.ts'
import { LogServerError, type KeptPlace, type SyncPorts, type UpdateHint } from './ports.ts'
import { makePuller } from './puller.ts'
import { updateSetAside } from './sync-problems.ts'
import type { SyncProblem } from './sync-state.ts'

const MOST_AT_ONCE = 500
const STORED_AT_ONCE = 8
// What is told of one document in quick succession is one transaction.
const GATHER = 1_000
const STORAGE_REST = 300_000

export interface KeptWork {
  /** The server can be asked at this moment. */
  isUp(): boolean
  failed(error: unknown): void
  /** It cannot go on as it is: to be opened until it is one with the log again. */
  open(id: string): void
  changed(): void
}

export interface KeptDocuments {
  readonly problem: SyncProblem | null
  /** These, as far as their kind is kept, and no others. */
  keep(ids: Iterable<string>): void
  /** Something tells that there is news of these. */
  look(ids: Iterable<string>): void
  hear(hint: UpdateHint): void
  /** What was told on this topic may have been missed. */
  missed(topic: string): void
  /** Asks for what is due. */
  check(): void
  /** It is being opened: resolves when nothing of it is being written. */
  lend(id: string): Promise<void>
  /** It was closed, and stored up to this place, as far as is known. `current`: up to now it was as new as the log. */
  takeBack(id: string, stored: Pick<KeptPlace, 'epoch' | 'cursor'> | null, current: boolean): void
  stop(): Promise<void>
}

export function makeKeptDocuments(
  ports: Pick<SyncPorts, 'clock' | 'random' | 'server' | 'storage' | 'log'>,
  work: KeptWork,
): KeptDocuments {
  const { clock, storage } = ports
  // Devices that were switched on together do not all ask together.
  const spread = 0.9 + 0.2 * ports.random.fraction()
  const places = new Map<string, KeptPlace>()
  const told = new Set<string>()
  const lent = new Map<string, number>()
  /** Those of which something is on its way. */
  const busy = new Map<string, KeptDocument>()
  let wanted: readonly string[] = []
  let noted: Promise<void> | null = null
  /** What is heard of these meanwhile may be older than the answer, or newer: they are asked for again. */
  let asking: ReadonlySet<string> = new Set()
  let checking = false
  let stopped = false
  let storageFailedAt = -Infinity
  let cancelGathering: (() => void) | null = null
  let problem: SyncProblem | null = null

  const attend = (id: string): KeptDocument => {
    const document =
      busy.get(id) ??
      makeKeptDocument(places.get(id) ?? unknown(id), ports, (aside) => {
        problem = updateSetAside(id, aside)
        ports.log({ code: 'update-set-aside', doc: id })
        work.changed()
      })
    busy.set(id, document)
    return document
  }

  /** Read once: afterwards this shelf knows better. */
  const readPlaces = async () => {
    const found = await storage.places().catch(() => [])
    const known = new Map(found.map((place) => [place.doc, place]))
    for (const id of wanted) if (!places.has(id)) places.set(id, known.get(id) ?? unknown(id))
  }

  /** Storage that was wiped notes no places any more: what it held is read from the start. [D13] */
  const forgetWiped = async () => {
    const found = await storage.places().catch(() => null)
    const noted = new Set(found?.map(({ doc }) => doc))
    for (const [id, { cursor }] of places) {
      if (found && cursor.seq > 0 && !noted.has(id) && !busy.has(id) && !lent.has(id))
        places.set(id, unknown(id))
    }
  }

  const storageRests = () => {
    const since = clock.now() - storageFailedAt
    // A clock that was put back must not let it rest for hours.
    return since >= 0 && since < STORAGE_REST
  }

  const isDue = ({ doc, lookedAt }: KeptPlace, share: number) => {
    const age = clock.now() - lookedAt
    return age < 0 || age >= (keptEvery(doc) ?? Infinity) * share
  }

  const take = (): string[] => {
    if (stopped || storageRests()) return []
    const all = [...places.values()].filter(({ doc }) => !lent.has(doc))
    // One that is due takes along those that soon will be.
    if (all.some((place) => isDue(place, spread))) {
      for (const place of all) if (isDue(place, spread * 0.9)) told.add(place.doc)
    }
    const ids: string[] = []
    for (const id of told) {
      if (ids.length === MOST_AT_ONCE) break
      told.delete(id)
      if (places.has(id) && !lent.has(id)) ids.push(id)
    }
    return ids
  }

  const put = async (document: KeptDocument) => {
    // What failed once would fail for each of them, after seconds of waiting each.
    if (stopped || storageRests()) return document.letGo()
    try {
      await document.store()
    } catch {
      storageFailedAt = clock.now()
      ports.log({ code: 'storage-lost', doc: document.id })
    }
  }

  const putAll = async (documents: Iterable<KeptDocument>) => {
    const waiting = [...documents].filter((document) => document.waiting)
    while (waiting.length > 0) await Promise.all(waiting.splice(0, STORED_AT_ONCE).map(put))
  }

  /** Nothing of these is on its way any more. */
  const conclude = async (documents: readonly KeptDocument[], looked: boolean) => {
    // The device may be about to be erased: nothing comes after that.
    if (stopped) return
    const now: KeptPlace[] = []
    for (const { id, place, outcome, waiting } of documents) {
      const before = places.get(id)
      if (!busy.delete(id) || !before) continue
      const asked = looked && (outcome === 'going on' || outcome === 'open')
      const after = { ...place, lookedAt: asked ? clock.now() : before.lookedAt }
      places.set(id, after)
      now.push(after)
      if (outcome === 'elsewhere' || waiting) told.add(id)
      if (outcome === 'open') work.open(id)
    }
    if (now.length > 0) await storage.notePlaces(now).catch(() => {})
  }

  const ask = async (documents: readonly KeptDocument[]): Promise<void> => {
    try {
      await puller.pull(documents)
    } catch (error) {
      const rejected = error instanceof LogServerError && error.reason === 'rejected'
      if (!rejected) throw error
      // The server fails at one of them, and says not at which.
      const half = Math.ceil(documents.length / 2)
      if (documents.length === 1)
        return ports.log({ code: 'document-not-given', doc: documents[0]?.id ?? '' })
      await ask(documents.slice(0, half))
      await ask(documents.slice(half))
    }
  }

  const checkAll = async () => {
    noted ??= readPlaces()
    await noted
    if (told.size > 0 || [...places.values()].some((place) => isDue(place, spread))) await forgetWiped()
    for (let ids = take(); ids.length > 0 && work.isUp(); ids = take()) {
      const documents = ids.map(attend)
      asking = new Set(ids)
      try {
        await ask(documents)
        await putAll(documents)
        await conclude(documents, true)
      } catch (error) {
        for (const id of ids) told.add(id)
        await conclude(documents, false)
        throw error
      } finally {
        asking = new Set()
      }
    }
  }

  const check = () => {
    if (checking || stopped || wanted.length === 0 || !work.isUp()) return
    checking = true
    checkAll()
      .catch((error: unknown) => work.failed(error))
      .finally(() => {
        checking = false
      })
  }

  const storeHeard = async () => {
    cancelGathering = null
    const heard = [...busy.values()].filter((document) => document.waiting && !asking.has(document.id))
    await putAll(heard)
    await conclude(heard, false)
  }

  const puller = makePuller<KeptDocument>(ports, {
    refused(document, code) {
      document.refused(code)
      ports.log({ code: 'document-not-given', doc: document.id, reason: code })
    },
    paged: putAll,
  })

  return {
    get problem() {
      return problem
    },
    keep(ids) {
      wanted = [...ids].filter((id) => keptEvery(id) !== null)
      const keeping = new Set(wanted)
      for (const id of places.keys()) if (!keeping.has(id)) places.delete(id)
      // The first reading takes in what was wanted by then.
      if (noted) for (const id of wanted) if (!places.has(id)) places.set(id, unknown(id))
      check()
    },
    look(ids) {
      for (const id of ids) told.add(id)
      check()
    },
    hear(hint) {
      const { doc: id, seq } = hint
      const place = places.get(id)
      if (!place || asking.has(id)) return void told.add(id)
      if (lent.has(id) || seq <= place.cursor.seq) return
      if (!attend(id).hear(hint)) {
        told.add(id)
        check()
      } else cancelGathering ??= clock.after(GATHER, () => void storeHeard())
    },
    missed(topic) {
      for (const id of wanted) if (topicOf(id) === topic) told.add(id)
      check()
    },
    check,
    async lend(id) {
      lent.set(id, (lent.get(id) ?? 0) + 1)
      const document = busy.get(id)
      busy.delete(id)
      await document?.letGo()
    },
    takeBack(id, stored, current) {
      const users = (lent.get(id) ?? 1) - 1
      if (users > 0) return void lent.set(id, users)
      lent.delete(id)
      const before = places.get(id)
      if (!before) return
      if (stored) {
        const { epoch, cursor } = stored
        const after = { doc: id, epoch, cursor, lookedAt: current ? clock.now() : before.lookedAt }
        places.set(id, after)
        if (!stopped) storage.notePlaces([after]).catch(() => {})
      }
      if (current) return
      told.add(id)
      check()
    },
    async stop() {
      stopped = true
      cancelGathering?.()
      await Promise.all([...busy.values()].map((document) => document.letGo()))
    },
  }
}

const unknown = (doc: string): KeptPlace => ({ doc, epoch: null, cursor: START, lookedAt: 0 })
