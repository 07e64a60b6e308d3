import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from './harness/browser.ts'
import { makePng } from './harness/make-png.ts'
import { type RunningApp, runApp } from './harness/running-app.ts'
import { TeamMember } from './harness/team-member.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const widths = {
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1180 },
  desktop: { width: 1440, height: 900 },
}

const strangersScreens = ['/sign-in', '/sign-up', '/invite/not-a-link']
const membersScreens = [
  'tasks',
  'tasks?view=list',
  'inbox',
  'office',
  'channels',
  'settings/profile',
  'settings/appearance',
  'settings/sync',
  'settings/members',
  'settings/about',
]

interface Axe {
  run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>
}

/** What axe finds on the page as it stands, in both themes, a line each. */
async function violations(page: Page): Promise<string[]> {
  const lines: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const found = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: Axe } // axe sets itself as a global
      return (
        await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      ).violations
    })
    for (const { id, nodes } of found) {
      lines.push(...nodes.map(({ html }) => `${colorScheme} ${id}: ${html.slice(0, 160)}`))
    }
  }
  return lines
}

let app: RunningApp
let browser: Browser

beforeAll(async () => {
  app = await runApp()
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser.close()
  await app.dispose()
})

describe.each(Object.entries(widths))('axe finds nothing at the width of a %s', (name, viewport) => {
  let lia: TeamMember

  beforeAll(async () => {
    lia = await TeamMember.signIn(browser, app, 'first', { viewport, bypassCSP: true })
    await lia.page.addInitScript(axeSource)
  })

  afterAll(() => lia.context.close())

  test.each(membersScreens)('%s', async (screen) => {
    await lia.page.goto(`${app.url}/w/norte-frio/${screen}`)
    await lia.page.getByRole('heading', { level: 1 }).waitFor()
    expect(await violations(lia.page)).toEqual([])
  })

  test('the palette, the help, the sync panel and a task', async () => {
    await lia.page.goto(`${app.url}/w/norte-frio/tasks`)
    await lia.boardIsOpen()
    await lia.page.keyboard.press('Control+k')
    await lia.page.getByRole('dialog').getByRole('combobox').waitFor()
    expect(await violations(lia.page)).toEqual([])
    await lia.page.keyboard.press('Escape')
    await lia.page.getByRole('dialog').waitFor({ state: 'detached' })
    await lia.page.keyboard.press('Shift+?')
    await lia.page.getByRole('dialog').waitFor()
    expect(await violations(lia.page)).toEqual([])
    await lia.page.keyboard.press('Escape')
    await lia.page.getByRole('dialog').waitFor({ state: 'detached' })
    // On a quiet phone the waterline has nothing to say, and nothing to press.
    await lia.context.setOffline(true)
    await lia.waterlineSays(/Offline/)
    await lia.page.getByRole('contentinfo', { name: 'Sync' }).getByRole('button').click()
    await lia.page.getByRole('dialog', { name: 'Sync' }).waitFor()
    expect(await violations(lia.page)).toEqual([])
    await lia.page.keyboard.press('Escape')
    await lia.page.getByRole('dialog').waitFor({ state: 'detached' })
    await lia.context.setOffline(false)
    await lia.page.locator('li[data-task] a[data-open]').first().click()
    await lia.page.getByRole('textbox', { name: 'Title' }).waitFor()
    expect(await violations(lia.page)).toEqual([])
  })

  test('a task with a photo and a file that wait, and the photo large', async () => {
    await lia.page.goto(`${app.url}/w/norte-frio/tasks`)
    await lia.boardIsOpen()
    await lia.page.locator('li[data-task] a[data-open]').nth(1).click()
    await lia.page.getByRole('heading', { name: 'Attachments' }).waitFor()
    await lia.context.setOffline(true)
    await lia.page.locator('section.attachments input[multiple]').setInputFiles([
      { name: `${name}.png`, mimeType: 'image/png', buffer: makePng(300, 200, viewport.width) },
      { name: `${name}.pdf`, mimeType: 'application/pdf', buffer: Buffer.from(`%PDF ${name}`) },
    ])
    await lia.page
      .getByText(/wait for the network/)
      .first()
      .waitFor()
    const tile = lia.page.getByRole('button', { name: `Open the photo ${name}.png` })
    await tile.locator('img').waitFor()
    expect(await violations(lia.page)).toEqual([])
    await tile.click()
    await lia.page.getByRole('dialog').getByRole('img').waitFor()
    expect(await violations(lia.page)).toEqual([])
    await lia.page.keyboard.press('Escape')
    await lia.context.setOffline(false)
  })

  test.each(strangersScreens)('%s', async (address) => {
    const context = await browser.newContext({ viewport, locale: 'pt-BR', bypassCSP: true })
    const page = await context.newPage()
    await page.addInitScript(axeSource)
    await page.goto(`${app.url}${address}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await violations(page)).toEqual([])
    await context.close()
  })
})
