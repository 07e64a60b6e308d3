/**
 * Many updates as one, with the same content. What a document emits while somebody works in it follows clock upon
 * clock, and then it is enough to lay the bytes of the structs behind each other: `Y.mergeUpdates` decodes and encodes
 * every struct, and looks at all updates again for each of them (20,000 small ones take it seven seconds).
 */
import * as Y from 'yjs'
import { partsOf, type ClockRange, type Run } from './update-content.ts'

// What does not simply follow is left to Yjs, in groups: a hundred at once take it milliseconds, thousands seconds.
const GROUP = 100

export function mergeUpdates(updates: readonly Uint8Array[]): Uint8Array {
  const [only] = updates
  if (only && updates.length === 1) return only
  return chainUpdates(updates) ?? mergeByYjs(updates)
}

/** Null where they do not simply follow each other; throws where one is no update. */
export function chainUpdates(updates: readonly Uint8Array[]): Uint8Array | null {
  const chains = new Map<number, Chain>()
  const deletes: ClockRange[] = []
  for (const update of updates) {
    const parts = partsOf(update)
    for (const run of parts.inserts) if (!follow(chains, run)) return null
    for (const range of parts.deletes) deletes.push(range)
  }
  return write(chains, deletes)
}

interface Chain {
  readonly from: number
  to: number
  structs: number
  readonly pieces: Uint8Array[]
}

/** False when there is a hole before it, or something of it twice. */
function follow(chains: Map<number, Chain>, { client, from, to, structs, bytes }: Run): boolean {
  const chain = chains.get(client)
  if (!chain) {
    chains.set(client, { from, to, structs, pieces: [bytes] })
    return true
  }
  if (chain.to !== from) return false
  chain.to = to
  chain.structs += structs
  chain.pieces.push(bytes)
  return true
}

/** Sections in falling order of their clients, as Yjs writes them and the log asks for. */
function write(chains: ReadonlyMap<number, Chain>, deletes: readonly ClockRange[]): Uint8Array {
  const pieces: Uint8Array[] = [numbers(chains.size)]
  for (const [client, { structs, from, pieces: bytes }] of [...chains].sort(byClient)) {
    pieces.push(numbers(structs, client, from), ...bytes)
  }
  const deleted = new Map<number, ClockRange[]>()
  for (const range of deletes) {
    const ranges = deleted.get(range.client)
    if (ranges) ranges.push(range)
    else deleted.set(range.client, [range])
  }
  pieces.push(numbers(deleted.size))
  for (const [client, ranges] of [...deleted].sort(byClient)) {
    const runs = joined(ranges)
    pieces.push(numbers(client, runs.length, ...runs.flatMap(({ from, to }) => [from, to - from])))
  }
  return concat(pieces)
}

const byClient = (one: readonly [number, unknown], other: readonly [number, unknown]) => other[0] - one[0]

/** In order, each clock once. */
function joined(ranges: readonly ClockRange[]): ClockRange[] {
  const runs: ClockRange[] = []
  for (const range of ranges.toSorted((one, other) => one.from - other.from)) {
    const last = runs.at(-1)
    if (last && range.from <= last.to) runs.splice(-1, 1, { ...last, to: Math.max(last.to, range.to) })
    else runs.push(range)
  }
  return runs
}

/** In the variable length of the format. */
function numbers(...values: readonly number[]): Uint8Array {
  const bytes: number[] = []
  for (let value of values) {
    for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push(0x80 + (value % 0x80))
    bytes.push(value)
  }
  return Uint8Array.from(bytes)
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function mergeByYjs(updates: readonly Uint8Array[]): Uint8Array {
  let merged = updates
  while (merged.length > 1) {
    const groups: Uint8Array[] = []
    for (let start = 0; start < merged.length; start += GROUP) {
      groups.push(Y.mergeUpdates(merged.slice(start, start + GROUP)))
    }
    merged = groups
  }
  return merged[0] ?? Uint8Array.of(0, 0)
}
