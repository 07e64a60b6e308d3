import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../harness/until.ts'
import { launchBrowser } from './harness/browser.ts'
import { BrowserProfile, allSeeTheSame } from './harness/browser-profile.ts'
import { type RunningApp, runApp } from './harness/running-app.ts'

const HANDOVER = 1_000

let app: RunningApp
let browser: Browser
let desk: BrowserProfile
let van: BrowserProfile
let phone: BrowserProfile

beforeAll(async () => {
  app = await runApp()
  browser = await launchBrowser()
  desk = await BrowserProfile.open(browser, app, 'first', { name: 'desk', tabs: 6 })
  van = await BrowserProfile.open(browser, app, 'second', { name: 'van', tabs: 2 })
  phone = await BrowserProfile.open(browser, app, 'first', { name: 'phone', tabs: 1 })
})

afterAll(async () => {
  await browser.close()
  await app.dispose()
})

// A test that closed or killed tabs leaves the next one to open others in their place.
beforeEach(async () => {
  while (desk.tabs.length < 6) await desk.openTab()
})

const everybody = () => [desk, van, phone]

const add = (profile: BrowserProfile, page: Page, title: string) => profile.in(page).addTask(title)

async function appearsIn(page: Page, title: string, patience = 30_000): Promise<number> {
  const from = performance.now()
  await page.getByRole('link', { name: title }).first().waitFor({ timeout: patience })
  return performance.now() - from
}

/** Waits until all tabs are equal and synced over one socket a profile; answers which of these titles they show. */
async function meet(titles: readonly string[]): Promise<readonly string[]> {
  await allSeeTheSame(everybody())
  for (const profile of everybody()) {
    await profile.leader()
    for (const page of profile.tabs) await profile.in(page).waterlineSays(/Synced.*Live/)
    expect(profile.errors).toEqual([])
  }
  const [first] = van.tabs
  if (first === undefined) throw new Error('the van has no tab')
  const seen = await van.in(first).titles()
  return titles.flatMap((title) => seen.filter((one) => one === title))
}

/** The leader goes in the way given, while a follower writes; answers how long until the others see it. */
async function handover(end: (leader: Page) => Promise<void>, title: string): Promise<number> {
  const leader = await desk.leader()
  const [follower] = desk.followersOf(leader)
  const [elsewhere] = van.tabs
  if (follower === undefined || elsewhere === undefined) throw new Error('too few tabs are left')
  await desk.in(follower).waterlineSays(/Live/)
  const [, took] = await Promise.all([
    end(leader).then(() => add(desk, follower, title)),
    appearsIn(elsewhere, title),
  ])
  return took
}

describe('[G4] six tabs of one profile, beside two other profiles', () => {
  test('share one websocket, and what any tab writes is in all of them once', async () => {
    for (const profile of everybody()) await profile.leader()
    const titles: string[] = []
    for (const profile of everybody()) {
      for (const [index, page] of profile.tabs.entries()) {
        titles.push(`Written in tab ${index + 1} of the ${profile.name}`)
        await add(profile, page, titles.at(-1) ?? '')
      }
    }
    expect(await meet(titles)).toEqual(titles)
  })

  test('hand over within a second when the leading tab is closed, and lose nothing', async () => {
    const titles = ['First handover', 'Second handover', 'Third handover']
    const took: number[] = []
    for (const title of titles) took.push(await handover((leader) => leader.close(), title))
    const [, median] = took.toSorted((one, other) => one - other)
    expect(median).toBeLessThan(HANDOVER)
    expect(await meet(titles)).toEqual(titles)
  })

  test('go on when the leading tab is killed', async () => {
    const kill = async (leader: Page) => {
      const crashed = leader.waitForEvent('crash')
      const devtools = await desk.context.newCDPSession(leader)
      // The answer never comes: the page dies of the question.
      void devtools.send('Page.crash').catch(() => undefined)
      await crashed
    }
    await handover(kill, 'Written when the leader was killed')
    expect(await meet(['Written when the leader was killed'])).toEqual(['Written when the leader was killed'])
  })

  test('go on beside a leading tab that the browser froze, which comes back as one of them', async () => {
    const leader = await desk.leader()
    const devtools = await desk.context.newCDPSession(leader)
    const freeze = async () => {
      await devtools.send('Page.setWebLifecycleState', { state: 'frozen' })
    }
    await handover(freeze, 'Written beside a frozen tab')
    const [elsewhere] = van.tabs
    const [follower] = desk.followersOf(leader)
    if (elsewhere === undefined || follower === undefined) throw new Error('too few tabs')
    await add(van, elsewhere, 'Heard beside a frozen tab')
    await appearsIn(follower, 'Heard beside a frozen tab')
    await devtools.send('Page.setWebLifecycleState', { state: 'active' })
    await appearsIn(leader, 'Heard beside a frozen tab')
    expect(await meet(['Written beside a frozen tab', 'Heard beside a frozen tab'])).toEqual([
      'Written beside a frozen tab',
      'Heard beside a frozen tab',
    ])
  })

  test('meet again after the server was killed and a profile was offline', async () => {
    const titles: string[] = []
    const writeEverywhere = async (mark: string) => {
      for (const profile of everybody()) {
        for (const [index, page] of profile.tabs.slice(0, 2).entries()) {
          titles.push(`${mark} ${index + 1}, ${profile.name}`)
          await add(profile, page, titles.at(-1) ?? '')
        }
      }
    }
    await van.context.setOffline(true)
    await writeEverywhere('Van offline')
    await app.kill()
    await writeEverywhere('Server gone')
    // Nobody is joined now; any of the tabs may be the one that leads.
    await desk.tabs[0]?.close()
    await van.context.setOffline(false)
    await app.start()
    await until(
      () => everybody().map((profile) => profile.sockets.reduce((sum, one) => sum + one, 0)),
      (open) => open.every((count) => count === 1),
      60_000,
    )
    expect(await meet(titles)).toEqual(titles)
  })
})
