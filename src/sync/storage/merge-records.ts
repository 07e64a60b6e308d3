import type { Cursor, SyncRecord } from '../ports.ts'

/**
 * Two tabs write the record of one document. Within an epoch each knows things that are true, so the farther place
 * and the larger vector stand; a record of another epoch replaces the old one whole, since nothing of the old holds.
 */
export function mergeRecords(held: SyncRecord | null, next: SyncRecord): SyncRecord {
  if (held === null || held.epoch !== next.epoch) return next
  const acknowledged = new Map(held.acknowledged)
  for (const [client, clock] of next.acknowledged) {
    acknowledged.set(client, Math.max(clock, acknowledged.get(client) ?? 0))
  }
  return {
    epoch: next.epoch,
    cursor: next.cursor.seq >= held.cursor.seq ? next.cursor : held.cursor,
    anchor: next.anchor.seq >= held.anchor.seq ? next.anchor : held.anchor,
    acknowledged,
  }
}

export function sameRecord(one: SyncRecord | null, other: SyncRecord): boolean {
  return (
    one !== null &&
    one.epoch === other.epoch &&
    samePlace(one.cursor, other.cursor) &&
    samePlace(one.anchor, other.anchor) &&
    one.acknowledged.size === other.acknowledged.size &&
    [...one.acknowledged].every(([client, clock]) => other.acknowledged.get(client) === clock)
  )
}

const samePlace = (one: Cursor, other: Cursor) => one.seq === other.seq && one.op_id === other.op_id
