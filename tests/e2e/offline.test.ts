import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from './harness/browser.ts'
import { type RunningApp, runApp } from './harness/running-app.ts'
import { TeamMember, seeTheSame } from './harness/team-member.ts'

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

describe('with no server', () => {
  test('a cold start shows the board, deep links open, and nothing waits for the network', async () => {
    const lia = await TeamMember.signIn(browser, app, 'first')
    await lia.waterlineSays(/Synced.*Live/)
    const before = await lia.board()
    await lia.openTask('Calibrar sondas, Farmácia Boa Vista')
    const task = lia.page.url()
    await app.kill()

    await lia.page.close()
    lia.page = await lia.context.newPage()
    await lia.page.goto(task)
    await lia.page.getByRole('textbox', { name: 'Title' }).waitFor()
    expect(await lia.page.getByRole('textbox', { name: 'Title' }).inputValue()).toBe(
      'Calibrar sondas, Farmácia Boa Vista',
    )
    expect(await lia.board()).toEqual(before)
    await lia.waterlineSays(/Offline|Connecting|Polling/)

    await lia.page.goto(`${app.url}/w/norte-frio/settings/sync`)
    await lia.page.getByRole('heading', { name: 'Sync and storage' }).first().waitFor()
    await lia.page.goto(`${app.url}/`)
    await lia.boardIsOpen()
    expect(lia.errors).toEqual([])
    await app.start()
    await lia.context.close()
  })

  test('two tabs of one person see each other’s edits, and both are saved', async () => {
    const marta = await TeamMember.signIn(browser, app, 'second')
    await marta.waterlineSays(/Synced.*Live/)
    await marta.context.setOffline(true)
    const first = marta.page
    const second = await marta.context.newPage()
    await second.goto(`${app.url}/w/norte-frio/tasks`)
    marta.page = second
    await marta.boardIsOpen()
    await marta.addTask('Written in the second tab')
    marta.page = first
    await marta.sees('Written in the second tab')
    await marta.addTask('Written in the first tab')
    marta.page = second
    await marta.sees('Written in the first tab')
    await second.close()
    await first.reload()
    marta.page = first
    await marta.sees('Written in the second tab')
    await marta.sees('Written in the first tab')

    await marta.context.setOffline(false)
    const lia = await TeamMember.signIn(browser, app, 'first')
    await lia.sees('Written in the second tab')
    await lia.sees('Written in the first tab')
    await seeTheSame(lia, marta)
    expect((await lia.titles()).filter((title) => title.startsWith('Written in the'))).toHaveLength(2)
    await Promise.all([lia.context.close(), marta.context.close()])
  })
})
