import type * as Y from 'yjs'
import { applyUpdate } from './apply-update.ts'
import { inTime } from './in-time.ts'
import { linesOf, makeLogPosition, type LogPosition } from './log-position.ts'
import { FROM_LOG, FROM_SIBLING, FROM_STORAGE } from './origins.ts'
import { newDocument } from './new-document.ts'
import { LogServerError, type Random, type StoredContent, type SyncPorts, type SyncRecord } from './ports.ts'

const TIMEOUT = 20_000

export interface FreshCopy {
  readonly doc: Y.Doc
  readonly position: LogPosition
}

/** The copy that a sibling tab has read. */
export function copyOfSibling(id: string, state: Uint8Array, sync: SyncRecord, random: Random): FreshCopy {
  const doc = newDocument(id, random)
  applyUpdate(doc, state, FROM_SIBLING)
  return { doc, position: makeLogPosition(sync) }
}

/** The copy that a sibling tab has put into storage. */
export function copyOfStorage(id: string, content: StoredContent, random: Random): FreshCopy {
  const doc = newDocument(id, random)
  for (const update of content.updates) applyUpdate(doc, update, FROM_STORAGE)
  return { doc, position: makeLogPosition(content.sync) }
}

/** A document as the log alone has it, read from the start. */
export async function readFreshCopy(
  id: string,
  ports: Pick<SyncPorts, 'clock' | 'random' | 'server'>,
): Promise<FreshCopy> {
  const { clock, random, server } = ports
  const doc = newDocument(id, random)
  const position = makeLogPosition(null)
  for (let more = true; more;) {
    const cursors = new Map([[id, position.cursor]])
    const answer = (await inTime(clock, TIMEOUT, (signal) => server.pull(cursors, signal))).get(id)
    if (!answer || 'error' in answer) {
      throw new LogServerError('rejected', `the server does not give ${id}: ${answer?.error ?? 'no answer'}`)
    }
    // The log began anew between two pages: so does this.
    if (answer.reset || !position.isStill(answer.epoch)) return readFreshCopy(id, ports)
    for (const { seq, op_id, update } of linesOf(answer)) {
      position.hold(applyUpdate(doc, update, FROM_LOG)?.inserts ?? [])
      position.reach({ seq, op_id })
    }
    more = answer.more
  }
  return { doc, position }
}
