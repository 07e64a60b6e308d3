import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../harness/until.ts'
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

/** What this device holds of the session, wherever. */
const tokens = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<(string | null)[]>((resolve, reject) => {
        const open = indexedDB.open('tideline.auth')
        open.addEventListener('error', () => reject(new Error('no database')))
        open.addEventListener('success', () => {
          const held = open.result.transaction('tokens').objectStore('tokens').getAll() as IDBRequest<
            string[]
          >
          held.addEventListener('success', () => {
            open.result.close()
            resolve([...held.result, localStorage.getItem('tideline.auth')].filter((token) => token !== null))
          })
        })
      }),
  )

async function signOut(member: TeamMember, button: string) {
  await member.page.keyboard.press('Control+k')
  await member.page.getByRole('combobox').fill('Sign out')
  await member.page.getByRole('option', { name: /Sign out/ }).click()
  await member.page.getByRole('alertdialog').getByRole('button', { name: button, exact: true }).click()
  await member.page.waitForURL(/sign-in/)
}

test('[K6] signing out in one tab takes the tokens off the device and stops every tab', async () => {
  const lia = await TeamMember.signIn(browser, app, 'first')
  await lia.waterlineSays(/Synced.*Live/)
  const first = lia.page
  const second = await lia.context.newPage()
  await second.goto(first.url())
  lia.page = second
  await lia.waterlineSays(/Synced.*Live/)
  expect(await tokens(second)).toHaveLength(1)

  lia.page = first
  await first.getByRole('heading', { name: 'Backlog' }).waitFor()
  await first.bringToFront()
  await signOut(lia, 'Sign out and erase')
  expect(await tokens(first)).toEqual([])
  const left = await until(
    () => first.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? '').toSorted()),
    (names) => names.every((name) => !name.startsWith('tideline/')),
  )
  expect(left).toEqual(['tideline.auth'])
  await second.getByRole('heading', { name: /Sign in/ }).waitFor()
  expect(lia.errors).toEqual([])
})
