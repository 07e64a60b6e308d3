import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../harness/until.ts'
import { launchBrowser } from './harness/browser.ts'
import { type RunningApp, runApp } from './harness/running-app.ts'
import { TeamMember } from './harness/team-member.ts'

describe('two people on one board', () => {
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

  test('see each other come, open, write and leave', async () => {
    const lia = await TeamMember.signIn(browser, app, 'first')
    await lia.addTask('Seen by two')
    const marta = await TeamMember.signIn(browser, app, 'second')
    await marta.sees('Seen by two')

    // Who is here, by face and on the waterline.
    const here = lia.page.getByRole('list', { name: 'Who is here' })
    await here.getByRole('img').first().waitFor()
    const name = (await here.getByRole('img').first().getAttribute('aria-label')) ?? ''
    await lia.waterlineSays(new RegExp(`Live, ${name.split(' ')[0]} is here`))

    // Who has a card open.
    await marta.openTask('Seen by two')
    await lia.page.getByRole('link', { name: `${name} is in this task` }).waitFor()

    // Who writes, and where; and what is written, before the page is told to wait for anything.
    await lia.openTask('Seen by two')
    const [words, seen] = [lia, marta].map(({ page }) => page.getByRole('textbox', { name: 'Description' }))
    if (!words || !seen) throw new Error('no description')
    await seen.click()
    await marta.page.keyboard.type('Both write here', { delay: 60 })
    await lia.page.getByText(`${name} is editing`).waitFor()
    await lia.page.locator('.carets .cur').waitFor()
    await until(
      () => words.inputValue(),
      (value) => value === 'Both write here',
      10_000,
    )
    await lia.page.getByText(`${name} is editing`).waitFor({ state: 'detached', timeout: 15_000 })

    // And nobody who left.
    await marta.page.goto('about:blank')
    await here.waitFor({ state: 'detached', timeout: 15_000 })
    await lia.waterlineSays(/Live$/)
    expect([...lia.errors, ...marta.errors]).toEqual([])
    await Promise.all([lia.context.close(), marta.context.close()])
  })
})
