/**
 * What other devices tell directly, before the part that understands it has come: it is passed over, which costs
 * latency alone, and what was kept on the device of it waits. So nothing in the document is hearsay, and all of it is
 * real.
 */
import * as Y from 'yjs'
import type { SyncPorts, ToldRecord } from '../ports.ts'
import type { Hearsay, HearsayWork } from './hearsay.ts'

type HearsayPorts = Pick<SyncPorts, 'clock' | 'random' | 'log'>

export interface HearsayToCome extends Hearsay {
  come(makeHearsay: (ports: HearsayPorts, work: HearsayWork) => Hearsay): void
}

export function makeHearsayToCome(ports: HearsayPorts, work: HearsayWork): HearsayToCome {
  let hearsay: Hearsay | null = null
  const stored = new Map<string, ToldRecord>()
  const encode = (vector?: Uint8Array) => Y.encodeStateAsUpdate(work.doc(), vector)

  return {
    get adopted() {
      return hearsay?.adopted ?? false
    },
    ours: () => hearsay?.ours() ?? [],
    encodeOurs: (vector) => (hearsay ? hearsay.encodeOurs(vector) : encode(vector)),
    encodeReal: (vector) => (hearsay ? hearsay.encodeReal(vector) : encode(vector)),
    realVector: () => hearsay?.realVector() ?? Y.encodeStateVector(work.doc()),
    foreign: (range) => hearsay?.foreign(range) ?? 0,
    hear: (update) => hearsay?.hear(update),
    restore(records, again) {
      if (hearsay) hearsay.restore(records, again)
      else for (const record of records) stored.set(record.id, record)
    },
    shown: (update, content) => hearsay?.shown(update, content),
    applied: () => hearsay?.applied(),
    accepted: (update, content) => hearsay?.accepted(update, content),
    refused: () => hearsay?.refused() ?? false,
    untold: () => hearsay?.untold(),
    standOn: () => hearsay?.standOn(),
    kept: () => hearsay?.kept() ?? [...stored.values()],
    replaced() {
      stored.clear()
      hearsay?.replaced()
    },
    stop: () => hearsay?.stop(),
    come(makeHearsay) {
      hearsay = makeHearsay(ports, work)
      if (stored.size > 0) hearsay.restore([...stored.values()], false)
      stored.clear()
    },
  }
}
