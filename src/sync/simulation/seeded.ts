/** Seeded chance with the questions that a history asks. */
import type { Random } from '../ports.ts'
import { makeSeededRandom } from '../testing/seeded-random.ts'

export interface SeededRandom extends Random {
  below(limit: number): number
  /** True so many times of a hundred. */
  percent(chance: number): boolean
  pick<T>(list: readonly T[]): T | undefined
}

export function makeSeeded(seed: number): SeededRandom {
  const random = makeSeededRandom(seed)
  return {
    ...random,
    percent: (chance) => random.fraction() * 100 < chance,
    pick: (list) => list[random.below(list.length)],
  }
}
