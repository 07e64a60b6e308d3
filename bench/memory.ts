/** Memory of a page that holds 10,000 tasks and 50 conversations of 1,000 messages, all open: the engine against Yjs. */
import type { Page } from 'playwright-core'
import { withBrowser } from './measure/browser.ts'
import { ratio, report } from './measure/report.ts'
import { inTurns } from './measure/rounds.ts'
import type { KeeperName } from './pages/device-contenders.ts'
import type { OnDevice } from './pages/on-device.ts'

const TASKS = 10_000
const CONVERSATIONS = 50
const keepers: readonly { name: KeeperName }[] = [
  { name: 'bare' },
  { name: 'y-indexeddb' },
  { name: 'Tideline' },
]

interface HeapUsage {
  readonly usedSize: number
  readonly backingStorageSize?: number
}

/** What lives after everything else was collected: objects, and the bytes behind buffers. */
async function livingBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  for (let n = 0; n < 3; n++) await session.send('HeapProfiler.collectGarbage')
  const { usedSize, backingStorageSize = 0 } = (await session.send('Runtime.getHeapUsage')) as HeapUsage
  await session.detach()
  return usedSize + backingStorageSize
}

await withBrowser(async ({ page, version }) => {
  for (const { name } of keepers) {
    const tab = await page('on-device')
    await tab.evaluate(
      ([who, rows, conversations]) =>
        (window as unknown as { bench: OnDevice }).bench.putWorkspace(who, rows, conversations),
      [name, TASKS, CONVERSATIONS] as const,
    )
    await tab.close()
  }
  const seen = await inTurns(keepers, async ({ name }) => {
    const tab = await page('on-device')
    const before = await livingBytes(tab)
    await tab.evaluate(
      ([who, rows, conversations]) =>
        (window as unknown as { bench: OnDevice }).bench.openWorkspace(who, rows, conversations),
      [name, TASKS, CONVERSATIONS] as const,
    )
    const after = await livingBytes(tab)
    await tab.close()
    return { megabytes: (after - before) / 1e6 }
  })
  report({
    title: 'Memory of 10,000 tasks and 50,000 messages, all open',
    unit: 'MB, after garbage collection, above those of the empty page',
    seen,
    goals: [ratio('Tideline / bare Yjs', seen['Tideline']?.['megabytes'], seen['bare']?.['megabytes'], 1.5)],
    notes: [`Chromium ${version()}.`],
  })
})
process.exit()
