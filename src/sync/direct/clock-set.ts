/** A set of Yjs clocks, kept by client as disjoint ranges in order. What a member may send in one go is added in one go. */
import type { ClockRange } from '../update-ranges.ts'

interface Span {
  readonly from: number
  readonly to: number
}

export interface ClockSet {
  readonly empty: boolean
  add(ranges: Iterable<ClockRange>): void
  remove(ranges: Iterable<ClockRange>): void
  /** What of this range is in the set, in order. */
  within(range: ClockRange): ClockRange[]
  /** What of this range is not in the set, in order. */
  outside(range: ClockRange): ClockRange[]
  list(): ClockRange[]
  clear(): void
}

export function makeClockSet(ranges: Iterable<ClockRange> = []): ClockSet {
  const spans = new Map<number, readonly Span[]>()

  const put = (client: number, kept: readonly Span[]) => {
    if (kept.length > 0) spans.set(client, kept)
    else spans.delete(client)
  }

  const set: ClockSet = {
    get empty() {
      return spans.size === 0
    },
    add(added) {
      for (const [client, more] of byClient(added))
        put(client, joined([...(spans.get(client) ?? []), ...more]))
    },
    remove(removed) {
      for (const [client, less] of byClient(removed)) {
        const held = spans.get(client)
        if (held) put(client, without(held, joined(less)))
      }
    },
    within({ client, from, to }) {
      const held = spans.get(client) ?? []
      const common: ClockRange[] = []
      for (let at = firstEndingAfter(held, from); at < held.length; at++) {
        const span = held[at]
        if (!span || span.from >= to) break
        const [start, end] = [Math.max(from, span.from), Math.min(to, span.to)]
        if (end > start) common.push({ client, from: start, to: end })
      }
      return common
    },
    outside(range) {
      const rest: ClockRange[] = []
      let at = range.from
      for (const { from, to } of set.within(range)) {
        if (from > at) rest.push({ client: range.client, from: at, to: from })
        at = to
      }
      if (at < range.to) rest.push({ client: range.client, from: at, to: range.to })
      return rest
    },
    list: () => [...spans].flatMap(([client, held]) => held.map(({ from, to }) => ({ client, from, to }))),
    clear: () => spans.clear(),
  }
  set.add(ranges)
  return set
}

function byClient(ranges: Iterable<ClockRange>): ReadonlyMap<number, Span[]> {
  const clients = new Map<number, Span[]>()
  for (const { client, from, to } of ranges) {
    if (to <= from) continue
    const known = clients.get(client)
    if (known) known.push({ from, to })
    else clients.set(client, [{ from, to }])
  }
  return clients
}

/** In order, and what touches as one. */
function joined(spans: readonly Span[]): Span[] {
  const runs: { from: number; to: number }[] = []
  for (const { from, to } of spans.toSorted((one, other) => one.from - other.from)) {
    const last = runs.at(-1)
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else runs.push({ from, to })
  }
  return runs
}

/** Both in order. */
function without(held: readonly Span[], gone: readonly Span[]): Span[] {
  const rest: Span[] = []
  let next = 0
  for (const { from, to } of held) {
    while ((gone[next]?.to ?? Infinity) <= from) next++
    let at = from
    for (let cut = next; cut < gone.length; cut++) {
      const span = gone[cut]
      if (!span || span.from >= to) break
      if (span.from > at) rest.push({ from: at, to: span.from })
      at = Math.max(at, span.to)
    }
    if (at < to) rest.push({ from: at, to })
  }
  return rest
}

function firstEndingAfter(spans: readonly Span[], clock: number): number {
  let [low, high] = [0, spans.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((spans[middle]?.to ?? Infinity) > clock) high = middle
    else low = middle + 1
  }
  return low
}
