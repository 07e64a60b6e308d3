import postgres from 'postgres'
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../harness/until.ts'
import { launchBrowser } from './harness/browser.ts'
import { type RunningApp, runApp } from './harness/running-app.ts'
import { TeamMember } from './harness/team-member.ts'

let app: RunningApp
let browser: Browser
let member: TeamMember

beforeAll(async () => {
  app = await runApp()
})

afterAll(async () => {
  await app.dispose()
})

beforeEach(async () => {
  browser = await launchBrowser()
  member = await TeamMember.signIn(browser, app, 'first')
  await member.waterlineSays(/Synced.*Live/)
})

afterEach(async () => {
  await browser.close()
})

/** The log's lines whose bytes hold these words, as the database has them. */
async function linesWith(words: string): Promise<number> {
  const sql = postgres(app.env['DATABASE_URL'] ?? '', { max: 1, onnotice() {} })
  try {
    const [row] = await sql<{ lines: number }[]>`
      select count(*)::int as lines from public.doc_updates
      where position(${Buffer.from(words)}::bytea in update) > 0`
    return row?.lines ?? -1
  } finally {
    await sql.end()
  }
}

const inTheLog = (words: string, lines: number) =>
  until(
    () => linesWith(words),
    (seen) => seen === lines,
    60_000,
  )

/** A blank page of the profile through which the browser is asked to do what it does when the network is back. */
async function theBrowser(context: BrowserContext) {
  const blank = await context.newPage()
  const cdp: CDPSession = await context.newCDPSession(blank)
  const registrations = new Map<string, string>()
  cdp.on('ServiceWorker.workerRegistrationUpdated', (event) => {
    for (const { registrationId, scopeURL } of event.registrations)
      registrations.set(scopeURL, registrationId)
  })
  await cdp.send('ServiceWorker.enable')
  const registrationId = await until(
    () => registrations.get(`${app.url}/`),
    (id) => id !== undefined,
  )
  return {
    wakeWorker: () =>
      cdp.send('ServiceWorker.dispatchSyncEvent', {
        origin: app.url,
        registrationId: registrationId ?? '',
        tag: 'tideline-flush',
        lastChance: false,
      }),
  }
}

const tags = (page: Page) =>
  page.evaluate(async () => {
    const registration = (await navigator.serviceWorker.ready) as ServiceWorkerRegistration & {
      sync: { getTags(): Promise<string[]> }
    }
    return await registration.sync.getTags()
  })

/** Adds a task while the server is gone, and closes the only tab. */
async function closeWithUnsent(title: string) {
  await app.kill()
  await member.waterlineSays(/Offline|Connecting/)
  await member.addTask(title)
  await member.waterlineSays(/Saved on this device/)
  await until(
    () => tags(member.page),
    (asked) => asked.includes('tideline-flush'),
  )
  await member.page.close()
}

const openPages = () => member.context.pages().map((page) => new URL(page.url()).protocol)

describe('the app was closed with something unsent', () => {
  test('[K1] [K3] the browser was asked, the worker sends it with no page open, and the next start has nothing to send', async () => {
    await closeWithUnsent('Sent by the worker alone')
    const { wakeWorker } = await theBrowser(member.context)
    await app.start()
    expect(await linesWith('Sent by the worker alone')).toBe(0)
    await wakeWorker()
    await inTheLog('Sent by the worker alone', 1)
    expect(openPages()).toEqual(['about:'])
    member.page = await member.context.newPage()
    await member.page.goto(`${app.url}/w/norte-frio/tasks`)
    await member.waterlineSays(/Synced.*Live/)
    await member.sees('Sent by the worker alone')
    expect(await linesWith('Sent by the worker alone')).toBe(1)
    expect(member.errors).toEqual([])
  })

  test('[K2] a tab that is opened while the worker is at it is live at once, and it is sent once', async () => {
    await closeWithUnsent('Sent by one of them')
    const { wakeWorker } = await theBrowser(member.context)
    await app.start()
    member.page = await member.context.newPage()
    await Promise.all([wakeWorker(), member.page.goto(`${app.url}/w/norte-frio/tasks`)])
    await member.waterlineSays(/Synced.*Live/)
    await inTheLog('Sent by one of them', 1)
    await wakeWorker()
    await member.addTask('Written meanwhile')
    await inTheLog('Written meanwhile', 1)
    await member.waterlineSays(/Synced.*Live/)
    expect(await linesWith('Sent by one of them')).toBe(1)
  })

  test('[K7] where nobody is signed in the worker does nothing, and what waits is sent after the next sign-in', async () => {
    await closeWithUnsent('Waits for its person')
    // The session is taken away while the app is closed, as a person does who empties a browser's passwords.
    const blank = await member.context.newPage()
    await blank.route('**/*', (route) =>
      route.fulfill({ body: '<title>blank</title>', contentType: 'text/html' }),
    )
    await blank.goto(`${app.url}/functions/v1/blank`)
    const session = await blank.evaluate(
      () =>
        new Promise<string>((resolve, reject) => {
          const open = indexedDB.open('tideline.auth')
          open.addEventListener('error', () => reject(new Error('no database')))
          open.addEventListener('success', () => {
            const tokens = open.result.transaction('tokens', 'readwrite').objectStore('tokens')
            const held = tokens.get('tideline.auth') as IDBRequest<string>
            tokens.delete('tideline.auth')
            tokens.transaction.addEventListener('complete', () => resolve(held.result))
          })
        }),
    )
    expect(JSON.parse(session)).toMatchObject({ user: { email: app.env['DEMO_EMAIL'] } })
    await blank.close()
    const { wakeWorker } = await theBrowser(member.context)
    await app.start()
    await wakeWorker()
    const page = await member.context.newPage()
    member.page = page
    await page.goto(`${app.url}/w/norte-frio/tasks`)
    await member.sees('Waits for its person')
    expect(await linesWith('Waits for its person')).toBe(0)
    await page.goto(`${app.url}/sign-in`)
    await page.getByLabel('E-mail').fill(app.env['DEMO_EMAIL'] ?? '')
    await page.getByLabel('Password', { exact: true }).fill(app.env['DEMO_PASSWORD'] ?? '')
    await page.getByRole('button', { name: 'Sign in and send 1 change' }).click()
    await inTheLog('Waits for its person', 1)
  })
})

test('[K6] a session of an earlier version is moved to where the worker can read it, and the person stays signed in', async () => {
  const move = (from: 'indexeddb' | 'nothing') =>
    member.page.evaluate(
      (source) =>
        new Promise<string>((resolve) => {
          const open = indexedDB.open('tideline.auth')
          open.addEventListener('success', () => {
            const tokens = open.result.transaction('tokens', 'readwrite').objectStore('tokens')
            const held = tokens.get('tideline.auth') as IDBRequest<string | undefined>
            if (source === 'indexeddb') tokens.delete('tideline.auth')
            tokens.transaction.addEventListener('complete', () => {
              if (source === 'indexeddb') localStorage.setItem('tideline.auth', held.result ?? '')
              open.result.close()
              resolve(held.result ?? '')
            })
          })
        }),
      from,
    )
  const session = await move('indexeddb')
  await member.page.reload()
  await member.waterlineSays(/Synced.*Live/)
  expect(await move('nothing')).toBe(session)
  expect(await member.page.evaluate(() => localStorage.getItem('tideline.auth'))).toBeNull()
})
