/** Decoded structs of a Yjs update, cut at a clock. Decoded ones belong to no document, so they may be changed. */
import * as Y from 'yjs'

export type Struct = ReturnType<typeof Y.decodeUpdate>['structs'][number]

export const endOf = ({ id, length }: Struct): number => id.clock + length

/** Leaves the part before this clock in the struct, and gives the rest. */
function cut(struct: Struct, clock: number): Struct {
  const { client } = struct.id
  const left = clock - struct.id.clock
  const right = struct.length - left
  const id = Y.createID(client, clock)
  struct.length = left
  if (struct instanceof Y.Item) {
    const origin = Y.createID(client, clock - 1)
    // What stands behind an origin takes its parent from there.
    return new Y.Item(id, null, origin, null, struct.rightOrigin, null, null, struct.content.splice(left))
  }
  return struct instanceof Y.Skip ? new Y.Skip(id, right) : new Y.GC(id, right)
}

/** The parts of a struct between these cuts, which lie in it and are in order. */
export function piecesOf(struct: Struct, cuts: readonly number[]): Struct[] {
  const pieces = [struct]
  for (const clock of cuts) {
    const last = pieces.at(-1)
    if (last && clock > last.id.clock && clock < endOf(last)) pieces.push(cut(last, clock))
  }
  return pieces
}
