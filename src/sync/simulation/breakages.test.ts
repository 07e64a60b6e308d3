import { describe, expect, test } from 'vitest'
import { breakages } from './breakages.ts'
import { runHistory } from './history.ts'

const MOST_SEEDS = 150

describe('an engine that is broken on purpose is found out', () => {
  test.each(Object.keys(breakages))(
    'when %s',
    async (name) => {
      for (let seed = 1; seed <= MOST_SEEDS; seed++) {
        const { failure } = await runHistory(seed, breakages[name])
        if (failure) return
      }
      expect.fail(`${MOST_SEEDS} seeds did not notice`)
    },
    120_000,
  )
})
