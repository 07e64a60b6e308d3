/** How far this device is with a document's log: [S3] cursor, anchor, epoch and acknowledged vector move as one. */
import type { Cursor, SyncRecord } from './ports.ts'
import { coverRanges, type ClockRange } from './update-ranges.ts'

export const START: Cursor = { seq: 0, op_id: null }

export interface LogPosition {
  readonly cursor: Cursor
  readonly anchor: Cursor
  readonly epoch: string | null
  readonly acknowledged: ReadonlyMap<number, number>
  /** The local copy holds everything up to this place. */
  reach(place: Cursor): void
  /** The log holds our operation at this place, after that one; the cursor moves only from that very one. */
  know(place: Cursor, after: Cursor): void
  hold(ranges: readonly ClockRange[]): void
  /** The server tells of an epoch. False when it is another than before: what it held may be gone. */
  isStill(epoch: string | null): boolean
  /** The server does not know our place any more: from the start again. */
  restart(epoch: string | null): void
  record(): SyncRecord
}

export function makeLogPosition(stored: SyncRecord | null): LogPosition {
  let cursor = stored?.cursor ?? START
  let anchor = stored?.anchor ?? START
  let epoch = stored?.epoch ?? null
  let acknowledged = new Map(stored?.acknowledged)
  return {
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
    },
    know(place, after) {
      if (place.seq === cursor.seq + 1 && after.seq === cursor.seq && after.op_id === cursor.op_id)
        cursor = place
      if (place.seq > anchor.seq) anchor = place
    },
    hold: (ranges) => coverRanges(acknowledged, ranges),
    isStill(next) {
      epoch ??= next
      return next === null || next === epoch
    },
    restart(next) {
      cursor = START
      anchor = START
      epoch = next
      acknowledged = new Map()
    },
    record: () => ({ epoch, cursor, anchor, acknowledged: new Map(acknowledged) }),
  }
}
