/** Whether two updates say the same of the same Yjs clocks, unit by unit, however their structs are cut. */
import * as Y from 'yjs'
import { deletedRanges, encodeUpdate, type ClockRange } from '../update-ranges.ts'
import { makeClockSet, type ClockSet } from './clock-set.ts'
import { endOf, piecesOf, type Struct } from './cut-struct.ts'

interface Compared {
  readonly deleted: ClockSet
  /** In the order of their clocks. They are cut as comparing needs it. */
  readonly structs: Map<number, Struct[]>
}

function readToCompare(update: Uint8Array): Compared {
  const { structs: all, ds } = Y.decodeUpdate(update)
  const structs = new Map<number, Struct[]>()
  for (const struct of all) {
    if (struct instanceof Y.Skip) continue
    const known = structs.get(struct.id.client)
    if (known) known.push(struct)
    else structs.set(struct.id.client, [struct])
  }
  for (const ofClient of structs.values()) ofClient.sort((one, other) => one.id.clock - other.id.clock)
  return { deleted: makeClockSet(deletedRanges(ds)), structs }
}

/**
 * `shown` is of the log, and is asked of any number of things that were `told` of some of its clocks before. Content that
 * the log holds as deleted is the same when the log says in the same breath that it is deleted: its author deleted it
 * before pushing it.
 */
export function comparedTo(shown: Uint8Array): (told: Uint8Array, ranges: readonly ClockRange[]) => boolean {
  let line: Compared | null = null
  return (told, ranges) => {
    line ??= readToCompare(shown)
    return sameContent(readToCompare(told), line, ranges)
  }
}

function sameContent(told: Compared, shown: Compared, ranges: readonly ClockRange[]): boolean {
  const clients = new Set(ranges.map(({ client }) => client))
  const common = makeClockSet(ranges)
  return [...clients].every((client) => {
    const spans = common.within({ client, from: 0, to: Infinity })
    const [from, to] = [spans[0]?.from ?? 0, spans.at(-1)?.to ?? 0]
    const windows = [told, shown].map(({ structs }) => windowOf(structs.get(client) ?? [], from, to))
    const cuts = new Set(spans.flatMap((span) => [span.from, span.to]))
    for (const window of windows)
      for (const struct of window.structs) cuts.add(struct.id.clock).add(endOf(struct))
    const inOrder = [...cuts].toSorted((one, other) => one - other)
    const [held, logged] = [told, shown].map((one, at) => cutAt(one, client, windows[at], inOrder))
    return inOrder.every((clock, at) => {
      const next = inOrder[at + 1]
      if (next === undefined || common.within({ client, from: clock, to: next }).length === 0) return true
      const [piece, other] = [held?.get(clock), logged?.get(clock)]
      if (!piece || !other || piece.length !== other.length) return false
      if (isGone(other)) return shown.deleted.outside({ client, from: clock, to: endOf(other) }).length === 0
      return !isGone(piece) && sameBytes(encodeUpdate([piece], []), encodeUpdate([other], []))
    })
  })
}

interface Window {
  readonly begin: number
  readonly structs: readonly Struct[]
}

/** Those of a client that reach into these clocks. */
function windowOf(structs: readonly Struct[], from: number, to: number): Window {
  let [begin, high] = [0, structs.length]
  while (begin < high) {
    const middle = (begin + high) >> 1
    const struct = structs[middle]
    if (struct && endOf(struct) > from) high = middle
    else begin = middle + 1
  }
  let end = begin
  while ((structs[end]?.id.clock ?? Infinity) < to) end++
  return { begin, structs: structs.slice(begin, end) }
}

/** Cuts them there, for good; gives the pieces by where they begin. */
function cutAt(
  { structs }: Compared,
  client: number,
  { begin, structs: window }: Window = { begin: 0, structs: [] },
  cuts: readonly number[],
): ReadonlyMap<number, Struct> {
  const pieces: Struct[] = []
  let at = 0
  for (const struct of window) {
    const { clock } = struct.id
    const end = endOf(struct)
    while ((cuts[at] ?? Infinity) <= clock) at++
    let last = at
    while ((cuts[last] ?? Infinity) < end) last++
    for (const piece of piecesOf(struct, cuts.slice(at, last))) pieces.push(piece)
  }
  const all = structs.get(client)
  if (all && pieces.length > window.length)
    structs.set(client, [...all.slice(0, begin), ...pieces, ...all.slice(begin + window.length)])
  return new Map(pieces.map((piece) => [piece.id.clock, piece]))
}

const isGone = (struct: Struct): boolean =>
  struct instanceof Y.GC || (struct instanceof Y.Item && struct.content instanceof Y.ContentDeleted)

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.byteLength === b.byteLength && a.every((byte, at) => byte === b[at])
