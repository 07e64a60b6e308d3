import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AnotherPostgres, startAnotherPostgres } from './harness/another-postgres.ts'
import { launchBrowser } from './harness/browser.ts'
import { type RunningApp, runApp } from './harness/running-app.ts'
import { TeamMember, seeTheSame } from './harness/team-member.ts'

const databases = [
  { name: 'the embedded PostgreSQL', start: async () => undefined },
  { name: 'another PostgreSQL, by DATABASE_URL', start: startAnotherPostgres },
]

describe.each(databases)('two browsers on $name', ({ start }) => {
  let database: AnotherPostgres | undefined
  let app: RunningApp
  let browser: Browser

  beforeAll(async () => {
    database = await start()
    app = await runApp(database === undefined ? {} : { databaseUrl: database.url })
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser.close()
    await app.dispose()
    await database?.stop()
  })

  test('one goes offline, both edit the same task, the page is reloaded offline, and all of it meets again', async () => {
    const lia = await TeamMember.signIn(browser, app, 'first')
    const marta = await TeamMember.signIn(browser, app, 'second')
    await Promise.all([lia.waterlineSays(/Live/), marta.waterlineSays(/Live/)])

    await lia.addTask('Check the walk-in freezer')
    await marta.sees('Check the walk-in freezer')
    await marta.waterlineSays(/Synced/)

    await marta.context.setOffline(true)
    await marta.waterlineSays(/Offline/)
    await editApart(lia, marta)

    await marta.page.reload()
    await marta.boardIsOpen()
    await offlineWorkIsThere(marta)

    await marta.context.setOffline(false)
    await allMeets(lia, marta)
  })

  test('the server is killed and started again in place of offline mode', async () => {
    const lia = await TeamMember.signIn(browser, app, 'first')
    const marta = await TeamMember.signIn(browser, app, 'second')
    await Promise.all([lia.waterlineSays(/Live/), marta.waterlineSays(/Live/)])
    await lia.addTask('Acknowledged before the kill')
    await lia.waterlineSays(/Synced/)
    await marta.sees('Acknowledged before the kill')
    await lia.addTask('Check the walk-in freezer again')
    await marta.sees('Check the walk-in freezer again')

    await app.kill()
    await marta.waterlineSays(/Offline|Polling/)
    await editApart(lia, marta, 'Check the walk-in freezer again', 'killed')
    await marta.page.reload()
    await marta.boardIsOpen()
    await offlineWorkIsThere(marta, 'Check the walk-in freezer again', 'killed')

    await app.start()
    await lia.sees('Acknowledged before the kill')
    await allMeets(lia, marta, 'Check the walk-in freezer again', 'killed')
  })
})

const rounds = Array.from({ length: 10 }, (_, index) => index + 1)

/** Two fields of one task by two people, and ten tasks by the one who is apart. */
async function editApart(
  lia: TeamMember,
  marta: TeamMember,
  title = 'Check the walk-in freezer',
  mark = 'offline',
) {
  await lia.choose(title, 'p', 'P1')
  await marta.setTitle(title, `${title}, ${mark}`)
  for (const round of rounds) {
    await marta.addTask(`${mark} task ${round} of ten`)
    await marta.sees(`${mark} task ${round} of ten`)
  }
}

async function offlineWorkIsThere(marta: TeamMember, title = 'Check the walk-in freezer', mark = 'offline') {
  await marta.sees(`${title}, ${mark}`)
  const titles = await marta.titles()
  for (const round of rounds) {
    expect(titles.filter((seen) => seen === `${mark} task ${round} of ten`)).toHaveLength(1)
  }
  await marta.waterlineSays(/Saved on this device, 1\d wait/)
}

async function allMeets(
  lia: TeamMember,
  marta: TeamMember,
  title = 'Check the walk-in freezer',
  mark = 'offline',
) {
  await lia.sees(`${mark} task 10 of ten`)
  await Promise.all([lia.waterlineSays(/Synced.*Live/), marta.waterlineSays(/Synced.*Live/)])
  await seeTheSame(lia, marta)
  const titles = await lia.titles()
  for (const wanted of [`${title}, ${mark}`, ...rounds.map((round) => `${mark} task ${round} of ten`)]) {
    expect(titles.filter((seen) => seen === wanted)).toHaveLength(1)
  }
  // Both edits of the one task survived.
  const card = lia.page.getByRole('listitem').filter({ has: lia.card(`${title}, ${mark}`) })
  expect(await card.textContent()).toContain('P1')
  expect([...lia.errors, ...marta.errors]).toEqual([])
  await Promise.all([lia.context.close(), marta.context.close()])
}
