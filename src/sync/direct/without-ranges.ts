import * as Y from 'yjs'
import { deletedRanges, encodeUpdate, type ClockRange } from '../update-ranges.ts'
import type { ClockSet } from './clock-set.ts'
import { endOf, piecesOf, type Struct } from './cut-struct.ts'

/** An update without these insertions and without these deletions; what stands on the insertions stays in it. */
export function withoutRanges(update: Uint8Array, inserts: ClockSet, deletes: ClockSet): Uint8Array {
  if (inserts.empty && deletes.empty) return update
  const { structs, ds } = Y.decodeUpdate(update)
  return encodeUpdate(
    structs.flatMap((struct) => (struct instanceof Y.Skip ? [] : piecesOutside(struct, inserts))),
    deletedRanges(ds).flatMap((range) => deletes.outside(range)),
  )
}

function piecesOutside(struct: Struct, inserts: ClockSet): Struct[] {
  const range: ClockRange = { client: struct.id.client, from: struct.id.clock, to: endOf(struct) }
  const gone = inserts.within(range)
  if (gone.length === 0) return [struct]
  const pieces = piecesOf(
    struct,
    gone.flatMap(({ from, to }) => [from, to]),
  )
  return pieces.filter(({ id }) => !gone.some(({ from, to }) => id.clock >= from && id.clock < to))
}
