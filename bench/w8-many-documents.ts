/** W8: 500 small documents opened from this browser's storage, one by one and together. */
import { withBrowser } from './measure/browser.ts'
import { ratio, report } from './measure/report.ts'
import { inTurns, isQuick } from './measure/rounds.ts'
import type { KeeperName } from './pages/device-contenders.ts'
import type { OnDevice } from './pages/on-device.ts'

const DOCUMENTS = isQuick ? 100 : 500
const keepers: readonly { name: KeeperName }[] = [
  { name: 'bare' },
  { name: 'y-indexeddb' },
  { name: 'Tideline' },
]

await withBrowser(async ({ page, version }) => {
  for (const { name } of keepers) {
    const tab = await page('on-device')
    await tab.evaluate(
      ([keeper, count]) => (window as unknown as { bench: OnDevice }).bench.putMany(keeper, count),
      [name, DOCUMENTS] as const,
    )
    await tab.close()
  }
  const open = async (keeper: KeeperName, together: boolean): Promise<number> => {
    const tab = await page('on-device')
    const ms = await tab.evaluate(
      ([who, count, atOnce]) => (window as unknown as { bench: OnDevice }).bench.openMany(who, count, atOnce),
      [keeper, DOCUMENTS, together] as const,
    )
    await tab.close()
    return ms
  }
  const seen = await inTurns(keepers, async ({ name }) => ({
    oneByOne: await open(name, false),
    together: await open(name, true),
  }))
  const ours = seen['Tideline']
  report({
    title: 'W8: 500 small documents opened',
    unit: 'ms',
    seen,
    goals: (['oneByOne', 'together'] as const).map((how) =>
      ratio(`${how}: Tideline / bare`, ours?.[how], seen['bare']?.[how], 1.5),
    ),
    notes: [`Chromium ${version()}. Bare: a database a document, read and applied, with no library.`],
  })
})
process.exit()
