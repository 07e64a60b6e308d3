/** W9: 10,000 rows, 100 point selectors and 100 bucket selectors, one edit → DOM, in Chromium. */
import { withBrowser } from './measure/browser.ts'
import { ratio, report } from './measure/report.ts'
import { inTurns, isQuick, percentile } from './measure/rounds.ts'
import type { OnScreen, WayName } from './pages/on-screen.ts'

const WARM_UP = 200
const ways: readonly { name: WayName; edits: number }[] = [
  { name: 'plain Solid store', edits: 1_000 },
  { name: 'observeDeep into a store', edits: 1_000 },
  { name: 'toJSON and reconcile', edits: isQuick ? 20 : 60 },
  { name: 'Tideline', edits: 1_000 },
]

await withBrowser(async ({ page, version }) => {
  const seen = await inTurns(ways, async ({ name, edits }) => {
    const tab = await page('on-screen')
    const spans = await tab.evaluate(
      ([way, count]) => (window as unknown as { bench: OnScreen }).bench.run(way, count),
      [name, edits] as const,
    )
    await tab.close()
    const warm = spans.slice(Math.min(WARM_UP, spans.length / 4))
    return { p50: percentile(warm, 0.5), p95: percentile(warm, 0.95) }
  })
  const plain = seen['plain Solid store']
  const ours = seen['Tideline']
  report({
    title: 'W9: 10,000 rows, 100 point selectors and 100 bucket selectors, one edit → DOM',
    unit: 'ms',
    seen,
    goals: [
      ratio('p50: Tideline / plain Solid store', ours?.['p50'], plain?.['p50'], 2),
      ratio('p95: Tideline / plain Solid store', ours?.['p95'], plain?.['p95'], 2),
    ],
    notes: [`Chromium ${version()}.`],
  })
})
process.exit()
