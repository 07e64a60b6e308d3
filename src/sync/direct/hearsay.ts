/**
 * What was told directly of one document, over time: laid into it, waited for to be confirmed, kept on the device where
 * something stands on it, adopted when nobody else pushes it, and taken out again where the log says otherwise.
 */
import * as Y from 'yjs'
import { newId } from '../../domain/ids.ts'
import { applyUpdate } from '../apply-update.ts'
import { newDocument } from '../new-document.ts'
import { FROM_LOG, FROM_STORAGE } from '../origins.ts'
import type { SyncPorts, ToldRecord } from '../ports.ts'
import { contentOf, type UpdateContent } from '../update-ranges.ts'
import { makeUnconfirmed, type Unconfirmed } from './unconfirmed.ts'

const ADOPT_AFTER = 60_000
const ADOPT_JITTER = 30_000

export interface Hearsay extends Pick<
  Unconfirmed,
  'adopted' | 'ours' | 'encodeOurs' | 'encodeReal' | 'realVector' | 'foreign'
> {
  /** Another device told this. */
  hear(update: Uint8Array): void
  /** Kept on this device since an earlier life; or read again, since another tab may have kept more. */
  restore(records: readonly ToldRecord[], again: boolean): void
  /** These bytes are real, and about to be applied. */
  shown(update: Uint8Array, content: UpdateContent): void
  /** What was shown is applied. */
  applied(): void
  /** The server took this from us. */
  accepted(update: Uint8Array, content: UpdateContent): void
  /** The server took nothing from us: what was not ours is not for us to push. True when there was such. */
  refused(): boolean
  /** So it was in the tab that leads: what is only told is shown no more. What is still so comes with the log. */
  untold(): void
  /** Something of ours is made, and may stand on it. */
  standOn(): void
  /** What is stored, should storage have lost it. */
  kept(): readonly ToldRecord[]
  /** The document is another one. */
  replaced(): void
  stop(): void
}

export interface HearsayWork {
  readonly id: string
  doc(): Y.Doc
  /** Puts this one in the place of the document that holds what was never so. */
  swap(doc: Y.Doc): void
  store(records: readonly ToldRecord[]): void
  unstore(ids: readonly string[]): void
  /** Something of others is for us to push. */
  adopted(): void
  /** And the server does not take it from us. */
  disowned(): void
  /** The log holds this now, and storage does not. */
  brought(update: Uint8Array): void
}

export function makeHearsay(
  { clock, random, log }: Pick<SyncPorts, 'clock' | 'random' | 'log'>,
  work: HearsayWork,
): Hearsay {
  const { id, doc } = work
  // Drawn once: whoever draws the shortest pushes for all, and the others see it in the log before their time.
  const patience = ADOPT_AFTER + ADOPT_JITTER * random.fraction()
  const disputed: Uint8Array[] = []
  let trusted = true
  let due: (() => void) | null = null

  const unconfirmed = makeUnconfirmed(
    doc,
    clock.now,
    () => newId(clock.now(), random.bytes),
    (error) => log({ code: 'failed', doc: id, reason: error }),
  )

  const rebuild = () => {
    log({ code: 'told-otherwise', doc: id })
    const lines = disputed.splice(0)
    do {
      const next = newDocument(id, random)
      applyUpdate(next, unconfirmed.encodeReal(), FROM_STORAGE)
      for (const line of lines) applyUpdate(next, line, FROM_LOG)
      work.swap(next)
    } while (!unconfirmed.hearAgain())
    trusted = true
  }

  const settle = () => {
    if (!trusted) rebuild()
    const gone = unconfirmed.settled()
    if (gone.length > 0) work.unstore(gone)
    watch()
  }

  const watch = () => {
    const { oldest } = unconfirmed
    if (oldest === null) {
      due?.()
      due = null
    }
    if (oldest === null || due) return
    due = clock.after(Math.min(patience, Math.max(0, oldest + patience - clock.now())), adopt)
  }

  const adopt = () => {
    due = null
    unconfirmed.adopt(clock.now() - patience)
    if (unconfirmed.adopted) work.adopted()
    settle()
  }

  const isThere = (update: Uint8Array) => {
    try {
      const { inserts } = contentOf(update)
      const { store } = doc()
      return inserts.length > 0 && inserts.every(({ client, to }) => Y.getState(store, client) >= to)
    } catch {
      return false
    }
  }

  const disown = (all: boolean) => {
    if (!unconfirmed.disown(all)) return false
    trusted = false
    settle()
    return true
  }

  return {
    get adopted() {
      return unconfirmed.adopted
    },
    ours: unconfirmed.ours,
    encodeOurs: unconfirmed.encodeOurs,
    encodeReal: unconfirmed.encodeReal,
    realVector: unconfirmed.realVector,
    foreign: unconfirmed.foreign,
    hear(update) {
      trusted = unconfirmed.hear(update) && unconfirmed.hearWaiting()
      settle()
    },
    restore(records, again) {
      for (const record of records) {
        if (again && (unconfirmed.has(record.id) || isThere(record.update))) continue
        // Whatever the device held: bytes that cannot be read are passed over.
        if (!unconfirmed.hear(record.update, record.id)) trusted = false
      }
      settle()
    },
    shown(update, content) {
      if (!unconfirmed.shown(update, content)) trusted = false
      // Its bytes did not get into the document where something else stood in their place.
      if (!trusted) disputed.push(update)
    },
    applied() {
      if (trusted && unconfirmed.still) return
      if (trusted) trusted = unconfirmed.hearWaiting()
      settle()
    },
    accepted(update, content) {
      // What was adopted is in memory alone, here and in sibling tabs, until it is the log's.
      if (unconfirmed.adopted) work.brought(update)
      unconfirmed.confirmed(content)
      settle()
    },
    refused() {
      const some = disown(false)
      if (some) work.disowned()
      return some
    },
    untold: () => void disown(true),
    kept: () => unconfirmed.keep(true),
    standOn() {
      const records = unconfirmed.keep(false)
      if (records.length > 0) work.store(records)
    },
    replaced() {
      if (unconfirmed.still) return
      // What is stored was put in the place of everything that was.
      trusted = unconfirmed.hearAgain(false)
      settle()
    },
    stop: () => due?.(),
  }
}
