/**
 * A document's side towards the log: how far it is read, what is unsent, and the hints that wait for their turn. It
 * is in use in the tab that leads; in the others it stands still until they lead, and begins then from what is stored.
 */
import * as Y from 'yjs'
import { applyUpdate, chained } from './apply-update.ts'
import { makeHintBuffer } from './hint-buffer.ts'
import { makeLogAlone } from './log-alone.ts'
import { linesOf, makeLogPosition, type LoggedLine, type LogPosition } from './log-position.ts'
import type { Hearsay } from './direct/hearsay.ts'
import { FROM_LOG } from './origins.ts'
import type { PendingChanges } from './pending-changes.ts'
import type {
  Cursor,
  LoggedUpdate,
  PulledDocument,
  Random,
  Revision,
  SetAside,
  SyncRecord,
  UpdateHint,
} from './ports.ts'
import { makeUnsent, type Unsent } from './unsent.ts'
import type { UpdateContent } from './update-ranges.ts'

export interface DocumentLog {
  readonly position: LogPosition
  /** The place to be stored. */
  record(): SyncRecord
  readonly unsent: Unsent
  /** False from a restart of the log until it is read to its head: till then nobody knows what it lacks. [S4] */
  readonly comparable: boolean
  /** A page of the log. False when the log has to be read from its start. */
  applyPulled(answer: PulledDocument, known: Cursor): boolean
  /** True when a pull is needed to go on. */
  hear(hint: UpdateHint): boolean
  /** Applies the hints that now follow the cursor. True when a gap is left. */
  catchUpWithHints(): boolean
  /** Hints that no pull could reach are not waited for: the slow timer looks again. */
  forgetHints(): void
  /** The log took our operation at this place, right after that one; in another epoch, it is read from its start. */
  accepted(place: { seq: number; op_id: string }, after: Cursor, epoch: string): void
  restart(epoch: string | null): void
  /** The server does not know it: as a foreign document, or one that began after the backup it was restored from. */
  unknown(): void
  /** The document is another one, which stands here. */
  begin(at: LogPosition): void
  /** What storage holds was taken in; `anew`: and its word is the first one, whatever was known here. */
  take(stored: SyncRecord | null, anew: boolean): void
  /** Another tab leads from here on. */
  rest(): void
}

export interface LoggedDocument {
  doc(): Y.Doc
  readonly pending: PendingChanges
  /** Others' edits that are in the document, and not in the log. */
  readonly hearsay: Hearsay
  /** Runs it in one transaction of the log. */
  together(work: () => void): void
  /** These are new to this device: to be stored, and shown to the other tabs. */
  brought(updates: readonly Uint8Array[]): void
  /** The log holds ours: before that is noted, all that it may hold is on this device. [S3] */
  keepTold(): void
  settled(changes: readonly Revision[]): void
  setAside(updates: readonly SetAside[]): void
  moved(): void
}

export function makeDocumentLog(random: Random, document: LoggedDocument): DocumentLog {
  let position = makeLogPosition(null)
  let comparable = true
  let owing = false
  const alone = makeLogAlone()
  const hints = makeHintBuffer()
  const unsent = makeUnsent(
    document.doc,
    () => position,
    document.pending,
    random,
    document.hearsay,
    document.settled,
  )

  const asOne = (lines: readonly LoggedUpdate[]): LoggedUpdate | null => {
    const last = lines.at(-1)
    if (!last || lines.some(({ op_id }) => unsent.isOutgoing(op_id))) return null
    const updates = lines.flatMap(({ update }) => (update === null ? [] : [update]))
    const update = updates.length === lines.length ? chained(updates) : null
    return update && { seq: last.seq, op_id: last.op_id, update }
  }

  const applyLogged = (logged: readonly LoggedLine[]) => {
    const fresh = logged.filter(({ seq }) => seq > position.cursor.seq)
    if (fresh.length === 0) return
    const aside: SetAside[] = []
    const brought: Uint8Array[] = []
    const apply = ({ seq, op_id, update, whole = false }: LoggedLine): boolean => {
      // Of ours, and known to stand there: the lines before it brought the cursor past it.
      if (seq <= position.cursor.seq) return true
      // One of ours that carries what others told is not stored yet.
      const own = !whole && unsent.isOutgoing(op_id) && !document.hearsay.adopted
      const content: UpdateContent | null = applyUpdate(
        document.doc(),
        update,
        FROM_LOG,
        document.hearsay.shown,
      )
      if (!content || update === null) return false
      unsent.seen(content)
      alone.show(update)
      if (own) document.keepTold()
      else brought.push(update)
      position.reach({ seq, op_id })
      return true
    }
    document.together(() => {
      const whole = asOne(fresh)
      if (whole && apply(whole)) return
      for (const line of fresh) {
        if (apply(line)) continue
        aside.push({ seq: line.seq, op_id: line.op_id })
        position.reach({ seq: line.seq, op_id: line.op_id })
      }
    })
    if (brought.length > 0) document.brought(brought)
    document.moved()
    if (aside.length > 0) document.setAside(aside)
  }

  const readAlone = () => {
    if (Y.encodeStateVector(document.doc()).byteLength > 1) alone.begin()
  }

  const readToHead = () => {
    comparable = true
    const lost = alone.end(() => document.hearsay.encodeReal())
    if (lost.length === 0) return
    owing = true
    unsent.heardDeletions(lost)
    unsent.takeDifference()
  }

  const self: DocumentLog = {
    get position() {
      return position
    },
    record: () => (alone.reading || owing ? makeLogPosition(null) : position).record(),
    unsent,
    get comparable() {
      return comparable
    },
    applyPulled(answer, known) {
      if (answer.reset || !position.agreesWith(answer, known)) {
        self.restart(answer.epoch)
        // Its lines follow the place that was just given up.
        if (!answer.reset) return false
      }
      applyLogged(linesOf(answer))
      if (!answer.more) readToHead()
      document.moved()
      return true
    },
    hear(hint) {
      // Too large to be told, and here already: where it stands is told by the answer to its push.
      if (hint.update === undefined && unsent.isOutgoing(hint.op_id)) return hints.needsPull(position.cursor)
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
      document.keepTold()
      unsent.accepted(place.op_id)
      owing &&= unsent.owesDeletions
      position.know(place, after)
    },
    restart(epoch) {
      position.restart(epoch)
      comparable = false
      readAlone()
      unsent.restart()
      hints.clear()
      document.moved()
    },
    unknown() {
      if (position.anchor.seq === 0) return
      self.restart(null)
      alone.forget()
      // There is nothing to be read before what the server lost is pushed.
      comparable = true
    },
    begin(at) {
      position = at
      comparable = true
      owing = false
      alone.forget()
      hints.clear()
      unsent.clear()
    },
    take(stored, anew) {
      if (anew || (stored && position.cursor.seq === 0 && position.epoch === null)) {
        position = makeLogPosition(stored)
        comparable = true
      }
      if (position.cursor.seq === 0 && !alone.reading) readAlone()
      unsent.takeDifference()
    },
    rest() {
      owing = false
      alone.forget()
      unsent.restart()
      hints.clear()
    },
  }
  return self
}
