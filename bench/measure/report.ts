/** What a measurement prints last, and what `bench/results.json` and the page keep of it. */
import type { Sample } from './rounds.ts'

export interface Goal {
  readonly what: string
  /** At most this. */
  readonly goal: number
  readonly seen: number
}

export interface Report {
  readonly title: string
  readonly unit: string
  /** By contender, medians of the rounds. */
  readonly seen: Readonly<Record<string, Sample>>
  readonly goals: readonly Goal[]
  /** What was left out, and why. */
  readonly notes?: readonly string[]
}

/** At most so many times what that one takes. */
export function ratio(
  what: string,
  ours: number | undefined,
  theirs: number | undefined,
  goal: number,
): Goal {
  const seen = ours === undefined || theirs === undefined ? NaN : ours / theirs
  return { what, goal, seen: Number(seen.toPrecision(3)) }
}

export function report(result: Report): void {
  const goals = result.goals.map((one) => ({ ...one, met: one.seen <= one.goal }))
  process.stdout.write(`${JSON.stringify({ ...result, goals })}\n`)
}
