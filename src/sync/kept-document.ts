/**
 * A document that is kept current while nobody has it open: no Y.Doc, only its place in the log, and what of the log
 * waits to be stored. [F2] Updates are stored as they came. The record stored with them is read, moved on and written
 * in the transaction that appends them, and only when it still says what this place says: what somebody else wrote
 * meanwhile, or what storage lost, is found there and nowhere else. Whatever is not simply "the log goes on" is left
 * to the open document, which is made for it.
 */
import { linesOf, makeLogPosition, START } from './log-position.ts'
import { openInTime } from './open-in-time.ts'
import type {
  Clock,
  Cursor,
  DocumentStorage,
  KeptPlace,
  LoggedUpdate,
  SetAside,
  StorageBatch,
  StoredDocument,
  SyncRecord,
  UpdateHint,
} from './ports.ts'
import type { Pulled } from './puller.ts'
import { mergeUpdates } from './merge-updates.ts'
import { contentOf, type UpdateContent } from './update-ranges.ts'

// Opening applies some hundreds of updates in a moment, and merging them is work too.
const COMPACT_ABOVE = 500

export interface KeptDocument extends Pulled {
  /** How far it is stored. */
  readonly place: KeptPlace
  /** Something of the log waits to be stored. */
  readonly waiting: boolean
  /**
   * `elsewhere`: storage stands at another place than was known, which is known now. `open`: it has to be opened, for
   * the log is not the one that was known, or the copy cannot be read. `let go`: somebody else writes it, or nobody can.
   */
  readonly outcome: 'going on' | 'elsewhere' | 'open' | 'let go'
  /** False when it does not follow what is known: it is to be pulled. */
  hear(hint: UpdateHint): boolean
  /** Stores what waits, in one transaction. Rejects with `StorageError` when that failed, and is then let go. */
  store(): Promise<void>
  /** The server does not give it. */
  refused(code: string): void
  /** Somebody opens it: nothing is stored from here on; resolves when nothing is being stored. */
  letGo(): Promise<void>
}

export function makeKeptDocument(
  known: KeptPlace,
  { clock, storage }: { clock: Clock; storage: DocumentStorage },
  onSetAside: (aside: readonly SetAside[]) => void,
): KeptDocument {
  const { doc: id } = known
  let place = known
  const position = positionAt(known)
  let lines: LoggedUpdate[] = []
  let outcome: KeptDocument['outcome'] = 'going on'
  let storing: readonly LoggedUpdate[] = []
  let written: Continuation | null = null
  let stored: Promise<void> = Promise.resolve()

  const turn = (to: KeptDocument['outcome']) => {
    outcome = to
    lines = []
  }

  const gather = (more: readonly LoggedUpdate[]) => {
    for (const line of more) {
      if (line.seq <= position.cursor.seq) continue
      lines.push(line)
      position.reach({ seq: line.seq, op_id: line.op_id })
    }
  }

  /** Runs inside the transaction that writes what it makes. */
  const onto = (held: SyncRecord | null): StorageBatch | null => {
    written = null
    if (outcome === 'let go') return null
    if (!standsAt(held, place)) {
      place = { ...place, epoch: held?.epoch ?? null, cursor: held?.cursor ?? START }
      turn('elsewhere')
      return null
    }
    written = following(held, position.epoch, storing)
    if (written === null) turn('open')
    return written
  }

  const append = async () => {
    if (outcome !== 'going on' || lines.length === 0) return
    storing = lines
    lines = []
    let copy: StoredDocument | null = null
    try {
      copy = await openInTime(clock, storage, id)
      const records = await copy.advance(onto)
      if (written === null) return
      const { sync, setAside } = written
      place = { ...place, epoch: sync.epoch, cursor: sync.cursor }
      if (setAside.length > 0) onSetAside(setAside)
      // What cannot be merged cannot be read either, and an open document has the way out of that.
      if (records > COMPACT_ABOVE) await copy.compact(mergeUpdates).catch(() => turn('open'))
    } catch (error) {
      turn('let go')
      throw error
    } finally {
      copy?.close()
    }
  }

  return {
    id,
    get place() {
      return place
    },
    get position() {
      return position
    },
    get finished() {
      return outcome !== 'going on'
    },
    get waiting() {
      return lines.length > 0
    },
    get outcome() {
      return outcome
    },
    applyPulled(answer, known) {
      if (answer.reset || !position.agreesWith(answer, known)) turn('open')
      else gather(linesOf(answer))
      return true
    },
    hear({ seq, op_id, after, update }) {
      const { cursor } = position
      if (seq <= cursor.seq || outcome !== 'going on') return true
      if (seq > cursor.seq + 1 || after !== cursor.op_id || update === undefined) return false
      gather([{ seq, op_id, update }])
      return true
    },
    catchUpWithHints: () => false,
    forgetHints() {},
    store() {
      stored = stored.catch(() => {}).then(append)
      return stored
    },
    refused(code) {
      // One that was restored to before it began says so too, and only a Y.Doc can give it back. [S4]
      if (code === 'not_a_member' && position.cursor.seq > 0) turn('open')
    },
    letGo() {
      turn('let go')
      return stored.catch(() => {})
    },
  }
}

type Continuation = StorageBatch & { readonly sync: SyncRecord }

function positionAt({ epoch, cursor }: KeptPlace) {
  return makeLogPosition({ epoch, cursor, anchor: cursor, acknowledged: new Map() })
}

function standsAt(held: SyncRecord | null, { epoch, cursor }: KeptPlace): boolean {
  if (held === null) return cursor.seq === 0
  return samePlace(held.cursor, cursor) && held.epoch === epoch
}

const samePlace = (one: Cursor, other: Cursor) => one.seq === other.seq && one.op_id === other.op_id

/** What is written for these lines onto this record; null when they are not of the log that it speaks of. */
function following(
  held: SyncRecord | null,
  epoch: string | null,
  lines: readonly LoggedUpdate[],
): Continuation | null {
  const position = makeLogPosition(held)
  const updates: Uint8Array[] = []
  const setAside: SetAside[] = []
  if (!position.isStill(epoch)) return null
  for (const { seq, op_id, update } of lines) {
    if (position.isContradictedBy({ seq, op_id })) return null
    const content = update && readable(update)
    if (content) {
      position.hold(content.inserts)
      updates.push(update)
    } else {
      setAside.push({ seq, op_id })
    }
    position.reach({ seq, op_id })
  }
  return {
    updates: updates.length > 0 ? [mergeUpdates(updates)] : [],
    sync: position.record(),
    pending: [],
    settled: [],
    setAside,
  }
}

/** Null for bytes that are no update: they never reach the device's copy. [S6] */
function readable(update: Uint8Array): UpdateContent | null {
  try {
    return contentOf(update)
  } catch {
    return null
  }
}
