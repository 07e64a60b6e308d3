/** How far this device is with a document's log: [S3] cursor, anchor, epoch and acknowledged vector move as one. */
import type { Cursor, LoggedUpdate, PulledDocument, SyncRecord } from './ports.ts'
import { coverRanges, type ClockRange } from './update-ranges.ts'

export const START: Cursor = { seq: 0, op_id: null }

/** What an answer brings, in the order of the log: a snapshot stands for the lines before it. */
export function linesOf({ snapshot, updates }: PulledDocument): readonly LoggedLine[] {
  return snapshot ? [{ ...snapshot, update: snapshot.state, whole: true }, ...updates] : updates
}

export interface LoggedLine extends LoggedUpdate {
  /** It stands for all lines up to it, whichever of them bears the name. */
  readonly whole?: boolean
}

export interface LogPosition {
  readonly cursor: Cursor
  readonly anchor: Cursor
  readonly epoch: string | null
  readonly acknowledged: ReadonlyMap<number, number>
  /** The local copy holds everything up to this place. */
  reach(place: Cursor): void
  /** The log holds our operation at this place, after that one; the cursor moves only from that very one, be it later. */
  know(place: Cursor, after: Cursor): void
  hold(ranges: readonly ClockRange[]): void
  /** The server tells of an epoch. False when it is another than before: what it held may be gone. */
  isStill(epoch: string | null): boolean
  /** Another operation stands where our newest one stood: the log is not the one that took ours. */
  isContradictedBy(place: Cursor): boolean
  /** The answer is of the log that we know: same epoch, not shorter, nothing else in our place. [S4] */
  agreesWith(answer: PulledDocument, known: Cursor): boolean
  /** The server does not know our place any more: from the start again. */
  restart(epoch: string | null): void
  record(): SyncRecord
}

export function makeLogPosition(stored: SyncRecord | null): LogPosition {
  let cursor = stored?.cursor ?? START
  let anchor = stored?.anchor ?? START
  let epoch = stored?.epoch ?? null
  let acknowledged = new Map(stored?.acknowledged)
  // Operations of ours that the log holds beyond the cursor: what lies between is on its way, they need not come again.
  const ahead = new Map<number, { readonly place: Cursor; readonly after: Cursor }>()

  const passOwn = () => {
    for (const [seq, { place, after }] of ahead) {
      if (seq > cursor.seq) continue
      ahead.delete(seq)
      if (seq === cursor.seq && after.op_id === cursor.op_id && place.seq === seq + 1) {
        cursor = place
        return passOwn()
      }
    }
  }

  const self: LogPosition = {
    get cursor() {
      return cursor
    },
    get anchor() {
      return anchor
    },
    get epoch() {
      return epoch
    },
    get acknowledged() {
      return acknowledged
    },
    reach(place) {
      cursor = place
      if (place.seq >= anchor.seq) anchor = place
      passOwn()
    },
    know(place, after) {
      ahead.set(after.seq, { place, after })
      if (place.seq > anchor.seq) anchor = place
      passOwn()
    },
    hold: (ranges) => coverRanges(acknowledged, ranges),
    isStill(next) {
      epoch ??= next
      return next === null || next === epoch
    },
    isContradictedBy: ({ seq, op_id }) =>
      seq === anchor.seq && anchor.op_id !== null && op_id !== anchor.op_id,
    agreesWith: (answer, known) =>
      self.isStill(answer.epoch) && answer.head >= known.seq && !linesOf(answer).some(self.isContradictedBy),
    restart(next) {
      cursor = START
      anchor = START
      ahead.clear()
      epoch = next
      acknowledged = new Map()
    },
    record: () => ({ epoch, cursor, anchor, acknowledged: new Map(acknowledged) }),
  }
  return self
}
