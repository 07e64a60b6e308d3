import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from './harness/browser.ts'
import { type RunningApp, runApp } from './harness/running-app.ts'
import { TeamMember } from './harness/team-member.ts'

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

const email = (name: string) => `${name}-${crypto.randomUUID().slice(0, 8)}@tideline.example`

async function newPage() {
  const context = await browser.newContext({ locale: 'en-US' })
  return context.newPage()
}

describe('joining', () => {
  test('a stranger makes an account and a workspace, and works in it at once', async () => {
    const page = await newPage()
    await page.goto(`${app.url}/sign-up`)
    await page.getByLabel('Your name').fill('First Owner')
    await page.getByLabel('E-mail').fill(email('owner'))
    await page.getByLabel('Password', { exact: true }).fill('a long enough one')
    await page.getByLabel('Name of the team').fill('Second Team')
    await page.getByRole('button', { name: 'Create account and workspace' }).click()
    await page.getByRole('heading', { name: 'Tasks', level: 1 }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/w/second-team/tasks')
    await page.context().close()
  })

  test('a wrong password says so and keeps what was typed', async () => {
    const page = await newPage()
    await page.goto(`${app.url}/sign-in`)
    await page.getByLabel('E-mail').fill(app.env['DEMO_EMAIL'] ?? '')
    await page.getByLabel('Password', { exact: true }).fill('not the password')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('E-mail and password do not match.').waitFor()
    expect(await page.getByLabel('E-mail').inputValue()).toBe(app.env['DEMO_EMAIL'])
    await page.context().close()
  })

  test('an invitation link brings a new person into the workspace once, as the role it names', async () => {
    const lia = await TeamMember.signIn(browser, app, 'first')
    await lia.page.goto(`${app.url}/w/norte-frio/settings/members`)
    await lia.page.getByRole('radio', { name: 'Viewer' }).click()
    await lia.page.getByRole('button', { name: 'Create invitation link' }).click()
    const link = await lia.page.locator('#invitation-link').inputValue()

    const page = await newPage()
    await page.goto(link)
    await page.getByRole('heading', { name: 'Invitation to Norte Frio' }).waitFor()
    await page.getByRole('link', { name: 'Create an account' }).click()
    await page.getByLabel('Your name').fill('New Viewer')
    await page.getByLabel('E-mail').fill(email('viewer'))
    await page.getByLabel('Password', { exact: true }).fill('a long enough one')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('button', { name: 'Join Norte Frio' }).click()
    await page.getByRole('heading', { name: 'Backlog' }).waitFor()

    // A viewer reads everything and changes nothing.
    await page.keyboard.press('c')
    const line = page.getByRole('combobox', { name: 'New task' })
    if (await line.isVisible()) {
      await line.fill('Not mine to add')
      await line.press('Enter')
    }
    await page.getByText('Your role lets you read, not change.').first().waitFor()
    expect(await page.getByRole('link', { name: 'Not mine to add' }).count()).toBe(0)

    const second = await newPage()
    await second.goto(link)
    await second.getByRole('heading', { name: 'This invitation was used already.' }).waitFor()
    await Promise.all([lia.context.close(), page.context().close(), second.context().close()])
  })

  test('a link to a workspace that is not mine opens nothing', async () => {
    const lia = await TeamMember.signIn(browser, app, 'first')
    await lia.page.goto(`${app.url}/w/second-team/tasks`)
    await lia.page.getByText('This workspace is not among yours on this device.').waitFor()
    expect(await lia.page.getByRole('heading', { name: 'Backlog' }).count()).toBe(0)
    await lia.context.close()
  })
})
