import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoPassword, demoPeople } from '../../local/demo/people.ts'
import { type OwnStack, ownStack } from '../harness/own-stack.ts'
import { launchBrowser } from './harness/browser.ts'

// A copy of the built app, so that a newer version can be put in its place while it is open.
const appDir = mkdtempSync(join(tmpdir(), 'tideline-app-'))
const built = new URL('../../dist', import.meta.url)

let own: OwnStack
let browser: Browser

beforeAll(async () => {
  cpSync(built, appDir, { recursive: true })
  own = await ownStack({ appDir, demo: true })
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser.close()
  await own.dispose()
  rmSync(appDir, { recursive: true, force: true })
})

async function openBoard(): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  await page.goto(`${own.stack.url}/sign-in`)
  await page.getByLabel('E-mail').fill(demoPeople[0].email)
  await page.getByLabel('Password', { exact: true }).fill(demoPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Backlog' }).waitFor()
  await page.getByText('Ready to work offline').waitFor()
  return page
}

const askForNews = (page: Page) =>
  page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()))

describe('the installed app', () => {
  test('the manifest names icons and screenshots that are there', async () => {
    const manifest = (await (await fetch(`${own.stack.url}/manifest.webmanifest`)).json()) as {
      id: string
      icons: { src: string; purpose: string }[]
      screenshots: { src: string; form_factor: string }[]
    }
    expect(manifest.id).toBe('/')
    expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true)
    expect(manifest.screenshots.map(({ form_factor }) => form_factor).toSorted()).toEqual(['narrow', 'wide'])
    for (const { src } of [...manifest.icons, ...manifest.screenshots]) {
      expect(existsSync(join(appDir, src)), src).toBe(true)
    }
  })

  test('a first visit asks for its screen and language together with the app', async () => {
    const asked: string[] = []
    const context = await browser.newContext({ locale: 'en-US' })
    const page = await context.newPage()
    page.on('response', (response) => asked.push(`${response.status()} ${new URL(response.url()).pathname}`))
    await page.goto(`${own.stack.url}/sign-in`)
    const preloaded = await page
      .locator('link[rel=modulepreload]:not([crossorigin])')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
    expect(preloaded.some((path) => path.startsWith('/assets/SignIn-'))).toBe(true)
    expect(preloaded.some((path) => path.startsWith('/assets/en-'))).toBe(true)
    await page.getByRole('heading', { name: 'Sign in to Tideline' }).waitFor()
    for (const path of preloaded) expect(asked.filter((line) => line === `200 ${path}`)).toHaveLength(1)
    await context.close()
  })

  test('answers of the server are in no cache', async () => {
    const page = await openBoard()
    const cached = await page.evaluate(async () => {
      const requests = await Promise.all(
        (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
      )
      return requests.flat().map(({ url }) => new URL(url).pathname)
    })
    expect(cached.length).toBeGreaterThan(5)
    expect(cached.filter((path) => /^\/(auth|rest|realtime|storage|functions)\//.test(path))).toEqual([])
    await page.context().close()
  })

  test('a tab that hears a newer version in another tab reloads when asked, though nothing waits', async () => {
    const page = await openBoard()
    await page.evaluate(async () => {
      const { held = [] } = await navigator.locks.query()
      const tab = held.find(({ name }) => name?.endsWith('/leader'))?.name ?? ''
      const siblings = new BroadcastChannel(tab.replace(/\/leader$/, ''))
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has no target origin
      siblings.postMessage({ protocol: 99, tab: 'newer', kind: 'anything' })
    })
    const line = page.getByRole('contentinfo', { name: 'Sync' })
    await line.getByText('This version is too old').waitFor()
    await Promise.all([page.waitForEvent('load'), line.getByRole('button').click()])
    await page.getByRole('heading', { name: 'Backlog' }).waitFor()
    expect(await line.getByText('This version is too old').isVisible()).toBe(false)
    await page.context().close()
  })

  test('a new version waits while somebody types, asks, and reloads every tab once', async () => {
    const page = await openBoard()
    const other = await page.context().newPage()
    await other.goto(page.url())
    await other.getByRole('heading', { name: 'Backlog' }).waitFor()
    await page.bringToFront()
    await page.keyboard.press('c')
    await page.getByRole('combobox', { name: 'New task' }).fill('half a thought')

    appendFileSync(join(appDir, 'sw.js'), '\n// a newer version\n')
    await askForNews(page)
    await page.waitForFunction(async () => (await navigator.serviceWorker.ready).waiting !== null)
    expect(await page.getByText('A new version is ready.').isVisible()).toBe(false)

    await page.getByRole('combobox', { name: 'New task' }).press('Enter')
    await page.keyboard.press('Escape')
    await page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    })
    await page.getByText('A new version is ready.').waitFor()
    const reloads = Promise.all([page.waitForEvent('load'), other.waitForEvent('load')])
    await page.getByRole('button', { name: 'Reload' }).click()
    await reloads
    await page.getByRole('link', { name: 'half a thought' }).waitFor()
    expect(await page.getByText('A new version is ready.').isVisible()).toBe(false)
    await page.context().close()
  })
})
