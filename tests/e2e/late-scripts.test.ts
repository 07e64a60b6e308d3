import type { Browser, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../harness/until.ts'
import { launchBrowser } from './harness/browser.ts'
import { type RunningApp, runApp } from './harness/running-app.ts'
import { TeamMember } from './harness/team-member.ts'

const LEADING = /\/assets\/leading-part-[^/]*\.js/

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

const leads = (page: Page) =>
  until(
    () => page.evaluate(async () => (await navigator.locks.query()).held?.map(({ name }) => name) ?? []),
    (held) => held.some((name) => name?.endsWith('/leader') === true),
  )

/** The same person on a device that has the documents, but no worker that holds the scripts. */
async function withoutWorker(member: TeamMember) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    serviceWorkers: 'block',
    storageState: await member.context.storageState({ indexedDB: true }),
  })
  member.page = await context.newPage()
  return context
}

describe('[T16] what leading needs comes after the first screen', () => {
  test('from this device: a cold start without a network leads, and keeps what is written', async () => {
    const lia = await TeamMember.signIn(browser, app, 'first')
    await lia.waterlineSays(/Synced.*Live/)
    await lia.page.close()
    await lia.context.setOffline(true)
    lia.page = await lia.context.newPage()
    await lia.page.goto(`${app.url}/w/norte-frio/tasks`)
    await lia.boardIsOpen()
    await lia.addTask('Written at once, offline')
    await lia.sees('Written at once, offline')
    await leads(lia.page)
    await lia.waterlineSays(/1 change waits|Offline/)
    await lia.page.reload()
    await lia.sees('Written at once, offline')
    await lia.context.setOffline(false)
    await lia.waterlineSays(/Synced.*Live/)
    expect(lia.errors).toEqual([])
    await lia.context.close()
  })

  test('a script that does not come is asked for again, and what was written meanwhile is sent', async () => {
    const lia = await TeamMember.signIn(browser, app, 'first')
    await lia.waterlineSays(/Synced.*Live/)
    const first = lia.context
    const context = await withoutWorker(lia)
    const asked: string[] = []
    const fail = async (route: Route) => {
      asked.push(route.request().url())
      await route.abort('connectionreset')
    }
    await context.route(LEADING, fail)
    await lia.page.goto(`${app.url}/w/norte-frio/tasks`)
    await lia.boardIsOpen()
    await lia.addTask('Written before its script was there')
    await lia.waterlineSays(/Offline/)
    await until(
      async () => asked.length,
      (times) => times >= 2,
    )
    await context.unroute(LEADING, fail)
    await lia.waterlineSays(/Synced.*Live/)
    await Promise.all([context.close(), first.close()])

    const other = await TeamMember.signIn(browser, app, 'second')
    await other.sees('Written before its script was there')
    expect([...lia.errors, ...other.errors]).toEqual([])
    await other.context.close()
  })

  test('a script that a newer app has replaced: the page asks to be loaded anew', async () => {
    const lia = await TeamMember.signIn(browser, app, 'first')
    await lia.waterlineSays(/Synced.*Live/)
    const first = lia.context
    const context = await withoutWorker(lia)
    await context.route(LEADING, (route) => route.fulfill({ status: 404, body: 'gone' }))
    const page = await (await fetch(`${app.url}/index.html`)).text()
    await context.route('**/index.html', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: page.replaceAll(/index-[\w-]+\.js/g, 'index-newer.js'),
      }),
    )
    await lia.page.goto(`${app.url}/w/norte-frio/tasks`)
    await lia.boardIsOpen()
    const reload = lia.page.getByRole('button', { name: 'Reload' })
    await reload.waitFor()
    expect(await reload.isEnabled()).toBe(true)
    await Promise.all([context.close(), first.close()])
  })
})
