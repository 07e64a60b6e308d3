/**
 * Contenders take turns, round by round, so that whatever else the machine does falls on all of them alike; what
 * counts is the median of the rounds, and the ratio of two medians of one run.
 */
import { performance } from 'node:perf_hooks'

export const isQuick = process.argv.includes('--quick')

const rounds = isQuick ? 2 : 5

export type Sample = Readonly<Record<string, number>>

/** Runs each contender once a round; gives the median of every figure by contender. */
export async function inTurns<C extends { readonly name: string }>(
  contenders: readonly C[],
  run: (contender: C, round: number) => Promise<Sample>,
): Promise<Record<string, Sample>> {
  const seen = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    // Each is the first one in its turn: the first of a round may find a colder machine.
    const order = contenders.map((_, place) => contenders[(place + round) % contenders.length])
    for (const contender of order) {
      if (!contender) continue
      const sample = await run(contender, round)
      seen.get(contender.name)?.push(sample)
      process.stderr.write(`  ${round + 1}/${rounds} ${contender.name} ${JSON.stringify(rounded(sample))}\n`)
    }
  }
  return Object.fromEntries([...seen].map(([name, samples]) => [name, mediansOf(samples)]))
}

function mediansOf(samples: readonly Sample[]): Sample {
  const figures = Object.keys(samples[0] ?? {})
  return rounded(
    Object.fromEntries(
      figures.map((figure) => [figure, median(samples.map((sample) => sample[figure] ?? NaN))]),
    ),
  )
}

const rounded = (sample: Sample): Sample =>
  Object.fromEntries(Object.entries(sample).map(([figure, value]) => [figure, round(value)]))

/** Three digits that say something. */
const round = (value: number): number => Number(value.toPrecision(value >= 100 ? 4 : 3))

function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

export async function timed(work: () => unknown): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

/** The moment in which the other side is as we wait for it; fails instead of waiting for ever. */
export async function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not within ${milliseconds} ms: ${what}`)), milliseconds)
  })
  try {
    return await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
  }
}
