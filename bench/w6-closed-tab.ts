/** W6: a burst of 5,000 transactions, and the tab is closed 100 ms, 250 ms, 1.3 s and 8 s after its end. What is kept? */
import { withBrowser } from './measure/browser.ts'
import { report } from './measure/report.ts'
import { inTurns, isQuick, type Sample } from './measure/rounds.ts'
import type { KeeperName } from './pages/device-contenders.ts'
import type { OnDevice } from './pages/on-device.ts'

const TRANSACTIONS = 5_000
const waits = [100, 250, 1_300, ...(isQuick ? [] : [8_000])]
const keepers: readonly { name: KeeperName }[] = [{ name: 'y-indexeddb' }, { name: 'Tideline' }]

await withBrowser(async ({ page, version }) => {
  let workspaces = 0

  const openIn = async (keeper: KeeperName, name: string, workspace: number) => {
    const tab = await page('on-device')
    await tab.evaluate(
      ([who, what, where]) => (window as unknown as { bench: OnDevice }).bench.open(who, what, where),
      [keeper, name, workspace] as const,
    )
    return tab
  }

  const keptAfter = async (keeper: KeeperName, name: string, wait: number) => {
    const workspace = ++workspaces
    const tab = await openIn(keeper, name, workspace)
    // The tab waits by itself: a call from here would come when it comes.
    const closing = tab.waitForEvent('close')
    await tab.exposeFunction('closeTab', () => tab.close())
    await tab.evaluate(
      ([count, pause]) => {
        const { bench, closeTab } = window as unknown as { bench: OnDevice; closeTab: () => void }
        void bench.burst(count).then(() => setTimeout(closeTab, pause))
      },
      [TRANSACTIONS, wait] as const,
    )
    await closing
    const later = await openIn(keeper, name, workspace)
    const [kept, safe] = await later.evaluate(() => {
      const { bench } = window as unknown as { bench: OnDevice }
      return [bench.rows(), bench.safe()] as const
    })
    await later.close()
    if (kept < safe) throw new Error(`${keeper} said that ${safe} are on this device, and ${kept} are.`)
    return { kept, safe }
  }

  const calm = async (keeper: KeeperName, name: string): Promise<number> => {
    const tab = await openIn(keeper, name, ++workspaces)
    const ms = await tab.evaluate(async (count) => {
      const { bench } = window as unknown as { bench: OnDevice }
      await bench.burst(count)
      return bench.stored()
    }, TRANSACTIONS)
    await tab.close()
    return ms
  }

  const seen = await inTurns(keepers, async ({ name }, round) => {
    const sample: Record<string, number> = { storedMs: await calm(name, `calm-${round}`) }
    for (const wait of waits) {
      const { kept, safe } = await keptAfter(name, `burst-${wait}-${round}`, wait)
      sample[`kept${wait}`] = kept
      if (name === 'Tideline') sample[`calledSafe${wait}`] = safe
    }
    return sample as Sample
  })
  const ours = seen['Tideline']
  report({
    title: 'W6: a burst of 5,000 transactions, tab closed so many milliseconds after its end',
    unit: 'transactions kept; storedMs: until all is on disk after a calm end',
    seen,
    goals: [
      {
        what: 'share of the burst that is not on disk 250 ms after its end',
        goal: 0.01,
        seen: 1 - (ours?.['kept250'] ?? NaN) / TRANSACTIONS,
      },
    ],
    notes: [`Chromium ${version()}.`],
  })
})
process.exit()
