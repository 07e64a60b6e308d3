/**
 * Looking into a Yjs update without applying it: which clocks of which clients it carries, and how to cut one that is
 * too large for one operation. Pieces of a cut update may depend on each other in any order: Yjs holds back what
 * lacks its ground until it comes, and the log refuses the later pieces of an operation that it refused.
 */
import * as Y from 'yjs'
import type { ClockRange } from './update-content.ts'

export { contentOf, type ClockRange, type UpdateContent } from './update-content.ts'

type Decoded = ReturnType<typeof Y.decodeUpdate>
type Struct = Decoded['structs'][number]

export function deletedRanges(deletions: Decoded['ds']): ClockRange[] {
  return [...deletions.clients].flatMap(([client, items]) =>
    items.map(({ clock, len }) => ({ client, from: clock, to: clock + len })),
  )
}

/** Moves a state vector on by ranges that join it; one beyond a hole is not counted, since the hole is not held. */
export function coverRanges(vector: Map<number, number>, ranges: readonly ClockRange[]): void {
  for (const { client, from, to } of ranges) {
    const held = vector.get(client) ?? 0
    if (from <= held && to > held) vector.set(client, to)
  }
}

/** The update in pieces of about `size` bytes at most; one struct is never cut. */
export function splitUpdate(update: Uint8Array, size: number): Uint8Array[] {
  if (update.byteLength <= size) return [update]
  const { structs, ds } = Y.decodeUpdate(update)
  const pieces: Uint8Array[] = []
  let piece: Struct[] = []
  let bytes = 0
  for (const struct of structs) {
    if (struct instanceof Y.Skip) continue
    const length = encodeUpdate([struct], []).byteLength
    if (piece.length > 0 && bytes + length > size) {
      pieces.push(encodeUpdate(piece, []))
      piece = []
      bytes = 0
    }
    piece.push(struct)
    bytes += length
  }
  pieces.push(encodeUpdate(piece, deletedRanges(ds)))
  return pieces
}

/** Update format 1: structs by client, each run of clocks with its start, then the deletions. */
export function encodeUpdate(structs: readonly Struct[], deletions: readonly ClockRange[]): Uint8Array {
  const encoder = new Y.UpdateEncoderV1()
  const runs: Struct[][] = []
  for (const struct of structs) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (run && last && last.id.client === struct.id.client) {
      const hole = struct.id.clock - last.id.clock - last.length
      if (hole > 0) run.push(new Y.Skip(Y.createID(last.id.client, last.id.clock + last.length), hole))
      run.push(struct)
    } else {
      runs.push([struct])
    }
  }
  // `writeLen` is a variable-length number, which is what every count of the format is.
  encoder.writeLen(runs.length)
  for (const run of runs) {
    const [first] = run
    if (!first) continue
    encoder.writeLen(run.length)
    encoder.writeClient(first.id.client)
    encoder.writeLen(first.id.clock)
    for (const struct of run) struct.write(encoder, 0)
  }
  const deleted = new Map<number, ClockRange[]>()
  for (const range of deletions) {
    const ranges = deleted.get(range.client)
    if (ranges) ranges.push(range)
    else deleted.set(range.client, [range])
  }
  encoder.writeLen(deleted.size)
  for (const [client, ranges] of deleted) {
    encoder.resetDsCurVal()
    encoder.writeLen(client)
    encoder.writeLen(ranges.length)
    for (const { from, to } of ranges) {
      encoder.writeDsClock(from)
      encoder.writeDsLen(to - from)
    }
  }
  return encoder.toUint8Array()
}
