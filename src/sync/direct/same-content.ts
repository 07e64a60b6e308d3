/** Whether two updates say the same of the same Yjs clocks, unit by unit, however their structs are cut. */
import * as Y from 'yjs'
import { deletedRanges, encodeUpdate, type ClockRange } from '../update-ranges.ts'
import { makeClockSet } from './clock-set.ts'
import { endOf, piecesOf, type Struct } from './cut-struct.ts'

/**
 * `shown` is of the log, `told` was said of these clocks before. Content that the log holds as deleted is the same
 * when the log says in the same breath that it is deleted: its author deleted it before pushing it.
 */
export function sameContent(told: Uint8Array, shown: Uint8Array, ranges: readonly ClockRange[]): boolean {
  const { ds } = Y.decodeUpdate(shown)
  const deleted = makeClockSet(deletedRanges(ds))
  return ranges.every((range) => {
    const [ours, theirs] = [structsIn(told, range), structsIn(shown, range)]
    const cuts = [...ours, ...theirs].flatMap((struct) => [struct.id.clock, endOf(struct)])
    const inside = [...new Set([range.from, range.to, ...cuts])]
      .filter((clock) => clock >= range.from && clock <= range.to)
      .toSorted((a, b) => a - b)
    const [held, logged] = [ours, theirs].map((structs) => piecesByClock(structs, inside))
    return inside.slice(0, -1).every((clock) => {
      const [piece, other] = [held?.get(clock), logged?.get(clock)]
      if (!piece || !other || piece.length !== other.length) return false
      if (isGone(other)) return deleted.outside({ ...range, from: clock, to: endOf(other) }).length === 0
      return !isGone(piece) && sameBytes(encodeUpdate([piece], []), encodeUpdate([other], []))
    })
  })
}

function structsIn(update: Uint8Array, { client, from, to }: ClockRange): Struct[] {
  return Y.decodeUpdate(update).structs.filter(
    (struct) =>
      !(struct instanceof Y.Skip) &&
      struct.id.client === client &&
      struct.id.clock < to &&
      endOf(struct) > from,
  )
}

const piecesByClock = (structs: readonly Struct[], cuts: readonly number[]): Map<number, Struct> =>
  new Map(structs.flatMap((struct) => piecesOf(struct, cuts)).map((piece) => [piece.id.clock, piece]))

const isGone = (struct: Struct): boolean =>
  struct instanceof Y.GC || (struct instanceof Y.Item && struct.content instanceof Y.ContentDeleted)

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.byteLength === b.byteLength && a.every((byte, at) => byte === b[at])
