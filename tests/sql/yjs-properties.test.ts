import * as fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { harm, wound } from './damage.ts'
import { history, updatesOf } from './edits.ts'
import { forgery } from './forgeries.ts'
import { complaintOfYjs, complaints, dismissServer } from './verdict.ts'

// private.check_yjs_update stands between every device and the log. It is held against Yjs itself: all
// that Yjs writes goes in, and nothing goes in that makes Yjs throw.

const CLIENTS = [3_999_999_999, 7, 2 ** 53 - 1]
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const settings = (numRuns: number) => ({ seed, numRuns, endOnFailure: true })

afterAll(dismissServer)

describe(`an update and the server’s reading of it (SEED=${seed})`, () => {
  test('[U1–U8] whatever Yjs writes is accepted', { timeout: 120_000 }, async () => {
    const kinds = new Set<string>()
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const updates = updatesOf(steps, CLIENTS)
        for (const { structs } of updates.map(Y.decodeUpdate)) {
          for (const struct of structs) {
            kinds.add(struct instanceof Y.Item ? struct.content.constructor.name : struct.constructor.name)
          }
        }
        expect(await complaints(updates)).toEqual(updates.map(() => null))
      }),
      settings(200),
    )
    // The histories reached every kind that Yjs still writes (ContentJSON is of old documents only).
    expect([...kinds].sort()).toEqual([
      'ContentAny',
      'ContentBinary',
      'ContentDeleted',
      'ContentDoc',
      'ContentEmbed',
      'ContentFormat',
      'ContentString',
      'ContentType',
      'GC',
      'Skip',
    ])
  })

  test('[P8] no damaged update that makes Yjs throw is accepted', { timeout: 240_000 }, async () => {
    let refused = 0
    let harmless = 0
    const wounds = fc.array(wound, { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(
        history,
        fc.array(wounds, { minLength: 40, maxLength: 40 }),
        async (steps, damages) => {
          const updates = updatesOf(steps, CLIENTS).filter((update) => update.length < 3000)
          const broken = damages.flatMap((list, n) => {
            const update = updates[(n * 7) % updates.length]
            return update ? [list.reduce<Buffer>(harm, Buffer.from(update))] : []
          })
          const accepted = await acceptedWithoutHarm(broken)
          harmless += accepted
          refused += broken.length - accepted
        },
      ),
      settings(150),
    )
    expect(refused).toBeGreaterThan(1000)
    expect(harmless).toBeGreaterThan(100)
  })

  test('[U1] every truncation is refused', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const [longest] = updatesOf(steps, CLIENTS).sort((a, b) => b.length - a.length)
        const length = longest?.length ?? 0
        const cuts = Array.from(
          { length: Math.min(length, 600) },
          (_, n) => longest?.subarray(0, n) ?? Buffer.of(),
        )
        expect((await complaints(cuts)).filter((flaw) => flaw === null)).toEqual([])
      }),
      settings(25),
    )
  })

  test(
    '[P8] no update that is spelled right but makes no sense breaks a reader',
    { timeout: 120_000 },
    async () => {
      let accepted = 0
      await fc.assert(
        fc.asyncProperty(fc.array(forgery, { minLength: 200, maxLength: 200 }), async (updates) => {
          accepted += await acceptedWithoutHarm(updates)
        }),
        settings(30),
      )
      expect(accepted).toBeGreaterThan(500)
    },
  )
})

/** How many the server accepts. Throws at the first of them that breaks a device. */
async function acceptedWithoutHarm(updates: Buffer[]): Promise<number> {
  const verdicts = await complaints(updates)
  const accepted = updates.filter((_, n) => verdicts[n] === null)
  for (const update of accepted) {
    const thrown = complaintOfYjs(update)
    if (thrown !== null) throw new Error(`accepted, but ${thrown}: ${update.toString('hex')}`)
  }
  return accepted.length
}
