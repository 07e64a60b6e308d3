/** A set of Yjs clocks, kept by client as disjoint ranges in order. */
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
      for (const { client, from, to } of added) {
        if (to <= from) continue
        const held = spans.get(client) ?? []
        const touching = held.filter((span) => span.to >= from && span.from <= to)
        const joined = {
          from: Math.min(from, ...touching.map((span) => span.from)),
          to: Math.max(to, ...touching.map((span) => span.to)),
        }
        const before = held.filter((span) => span.to < from)
        const after = held.filter((span) => span.from > to)
        put(client, [...before, joined, ...after])
      }
    },
    remove(removed) {
      for (const { client, from, to } of removed) {
        const held = spans.get(client)
        if (!held || to <= from) continue
        put(
          client,
          held.flatMap((span) =>
            span.to <= from || span.from >= to
              ? [span]
              : [
                  { from: span.from, to: from },
                  { from: to, to: span.to },
                ].filter((rest) => rest.to > rest.from),
          ),
        )
      }
    },
    within({ client, from, to }) {
      return (spans.get(client) ?? []).flatMap((span) => {
        const common = { client, from: Math.max(from, span.from), to: Math.min(to, span.to) }
        return common.to > common.from ? [common] : []
      })
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
