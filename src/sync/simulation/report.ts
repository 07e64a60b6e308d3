/** What a run of many seeds did, in words: what struck, what was looked at, what broke, and how to see it again. */
import { faults } from './faults/all.ts'
import type { Failure, History } from './history.ts'
import { promised } from './promised.ts'

const LAST_LINES = 40
// Fewer seeds are a replay, and need not meet everything.
const WIDE = 100

export interface Tally {
  seeds: number
  readonly failures: Failure[]
  readonly struck: Record<string, number>
  readonly looks: Record<string, number>
}

export function makeTally(): Tally {
  return { seeds: 0, failures: [], struck: {}, looks: {} }
}

export function count(tally: Tally, { failure, struck, looks }: History): void {
  tally.seeds++
  if (failure) tally.failures.push({ ...failure, trace: failure.trace.slice(-LAST_LINES) })
  add(tally.struck, struck)
  add(tally.looks, looks)
}

export function merge(tally: Tally, other: Tally): void {
  tally.seeds += other.seeds
  tally.failures.push(...other.failures)
  add(tally.struck, Object.entries(other.struck))
  add(tally.looks, Object.entries(other.looks))
}

function add(sum: Record<string, number>, counts: Iterable<readonly [string, number]>): void {
  for (const [name, times] of counts) sum[name] = (sum[name] ?? 0) + times
}

/** Faults that never struck and promises that were never looked at, in a run that was wide enough to meet them. */
export function missed({ seeds, struck, looks }: Tally): string[] {
  if (seeds < WIDE) return []
  return [
    ...faults.filter(({ name }) => !struck[name]).map(({ name }) => `fault: ${name}`),
    ...promised.filter((name) => !looks[name]).map((name) => `promise: ${name}`),
  ]
}

export function wordsOf({ seed, turn, promise, what, trace }: Failure): string {
  const when = turn === 'after healing' ? turn : `in turn ${turn}`
  return [
    `seed ${seed}, ${when}: it does not hold that ${promise}`,
    what,
    ...trace.slice(-LAST_LINES).map((line) => `    ${line}`),
    `again: npm run simulate -- --seed ${seed} --seeds 1 --verbose`,
  ].join('\n')
}

export function summaryOf(tally: Tally): string {
  const table = (counts: Record<string, number>) =>
    Object.entries(counts)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, times]) => `${String(times).padStart(9)}  ${name}`)
  const broken = tally.failures.map(({ seed }) => seed)
  return [
    'what struck',
    ...table(tally.struck),
    'what was looked at',
    ...table(tally.looks),
    ...missed(tally).map((name) => `never met ${name}`),
    broken.length === 0
      ? `${tally.seeds} seeds, every promise held`
      : `${broken.length} of ${tally.seeds} seeds broke a promise: ${broken.slice(0, 50).join(', ')}`,
  ].join('\n')
}
