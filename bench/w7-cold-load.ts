/** W7: the document of W4 from this browser's storage, cold, stored as 20,000 updates and as one. */
import { withBrowser } from './measure/browser.ts'
import { ratio, report } from './measure/report.ts'
import { inTurns, isQuick, type Sample } from './measure/rounds.ts'
import type { KeeperName } from './pages/device-contenders.ts'
import type { OnDevice } from './pages/on-device.ts'

const ROWS = isQuick ? 2_000 : 10_000
const keepers: readonly KeeperName[] = ['Tideline', 'y-indexeddb']

type Asked = Parameters<OnDevice['put']>

await withBrowser(async ({ page, version }) => {
  /** Loaded in a tab of its own: nothing is warm. Storing is compacted later, so each load has a database of its own. */
  const load = async (keeper: KeeperName, name: string, compacted: boolean): Promise<number> => {
    const before = await page('on-device')
    await before.evaluate(([asked]) => (window as unknown as { bench: OnDevice }).bench.put(...asked), [
      [keeper, name, ROWS, compacted] as Asked,
    ] as const)
    await before.close()
    const tab = await page('on-device')
    const ms = await tab.evaluate(
      ([who, what]) => (window as unknown as { bench: OnDevice }).bench.open(who, what),
      [keeper, name] as const,
    )
    const rows = await tab.evaluate(() => (window as unknown as { bench: OnDevice }).bench.rows())
    if (rows !== ROWS) throw new Error(`${keeper} has ${rows} of ${ROWS} rows.`)
    await tab.close()
    return ms
  }

  const bare = async (): Promise<Sample> => {
    const tab = await page('on-device')
    const ms = await tab.evaluate(
      ([rows]) => (window as unknown as { bench: OnDevice }).bench.applyBare(rows),
      [ROWS] as const,
    )
    await tab.close()
    return { updates: ms, compacted: ms }
  }

  const contenders = [{ name: 'bare applyUpdate' as const }, ...keepers.map((name) => ({ name }))]
  const seen = await inTurns(contenders, async ({ name }, round) =>
    name === 'bare applyUpdate'
      ? bare()
      : {
          updates: await load(name, `updates-${round}`, false),
          compacted: await load(name, `compacted-${round}`, true),
        },
  )
  const floor = seen['bare applyUpdate']
  const ours = seen['Tideline']
  report({
    title: 'W7: cold load of the W4 document, stored as 20,000 updates / compacted',
    unit: 'ms',
    seen,
    goals: [
      ratio('as 20,000 updates: Tideline / bare applyUpdate', ours?.['updates'], floor?.['updates'], 1.3),
      ratio('compacted: Tideline / bare applyUpdate', ours?.['compacted'], floor?.['compacted'], 1.3),
    ],
    notes: [`Chromium ${version()}.`],
  })
})
process.exit()
