import { describe, expect, test } from 'vitest'
import { runHistory } from './history.ts'
import { count, makeTally, missed, wordsOf } from './report.ts'

// A failing run prints its seed; SEED=n SEEDS=1 replays it, and SEEDS=5000 looks farther.
const first = Number(process.env['SEED'] ?? 1)
const seeds = Number(process.env['SEEDS'] ?? 300)
const SHARE = 25

describe('many devices, and everything that can go wrong between them', () => {
  const tally = makeTally()

  test.each(Array.from({ length: Math.ceil(seeds / SHARE) }, (_, share) => first + share * SHARE))(
    '[G3] whatever happens, they end up equal, nothing safe is lost, and nothing is said that is not so (from seed %d)',
    async (from) => {
      for (let seed = from; seed < Math.min(from + SHARE, first + seeds); seed++) {
        const history = await runHistory(seed)
        count(tally, history)
        expect(history.failure && wordsOf(history.failure)).toBeNull()
      }
    },
    120_000,
  )

  test('every fault struck, and every promise was looked at', () => {
    expect(missed(tally)).toEqual([])
  })

  test('the same seed is the same history, line by line', async () => {
    for (const seed of [first, first + 7]) {
      const [once, again] = [await runHistory(seed), await runHistory(seed)]
      expect(again.trace).toEqual(once.trace)
      expect(again.digest()).toBe(once.digest())
    }
  }, 30_000)
})
