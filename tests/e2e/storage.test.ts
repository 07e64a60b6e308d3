/** What happens to the copy on the device in a real browser, while a person works. */
import type { Browser, CDPSession } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from './harness/browser.ts'
import { type RunningApp, runApp } from './harness/running-app.ts'
import { until } from '../harness/until.ts'
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

/** A person whose device is offline, and the browser's own tools beside the page. */
async function offline(which: 'first' | 'second'): Promise<{ member: TeamMember; tools: CDPSession }> {
  const member = await TeamMember.signIn(browser, app, which)
  await member.waterlineSays(/Synced.*Live/)
  await member.context.setOffline(true)
  await member.waterlineSays(/Offline/)
  return { member, tools: await member.context.newCDPSession(member.page) }
}

async function reload(member: TeamMember) {
  await member.page.reload()
  await member.boardIsOpen()
}

describe('the copy on the device', () => {
  test('[D10] databases deleted while they are open are written again, unsent edits with them', async () => {
    const { member } = await offline('first')
    await member.addTask('Made before the deletion')
    await member.waterlineSays(/Saved on this device, 1 waits/)
    await member.page.evaluate(async () => {
      const databases = await indexedDB.databases()
      await Promise.all(
        databases
          .flatMap(({ name }) => (name?.includes('/board/') === true ? [name] : []))
          .map(
            (name) =>
              new Promise<void>((resolve, reject) => {
                const request = indexedDB.deleteDatabase(name)
                request.addEventListener('success', () => resolve())
                request.addEventListener('error', () => reject(new Error('not deleted')))
              }),
          ),
      )
    })
    await member.addTask('Made after the deletion')
    await member.waterlineSays(/Saved on this device, 2 wait/)
    await reload(member)
    await member.sees('Made before the deletion')
    await member.sees('Made after the deletion')
    await member.waterlineSays(/Saved on this device, 2 wait/)
    await member.context.setOffline(false)
    await member.waterlineSays(/Synced.*Live/)
    expect(member.errors).toEqual([])
    await member.context.close()
  })

  test('[D10] connections that the browser closes are opened again, and nothing is lost', async () => {
    const { member, tools } = await offline('second')
    await member.addTask('Made before the wipe')
    await member.waterlineSays(/Saved on this device, 1 waits/)
    await tools.send('Storage.clearDataForOrigin', { origin: app.url, storageTypes: 'indexeddb' })
    await member.addTask('Made after the wipe')
    await member.waterlineSays(/Saved on this device, 2 wait/)
    // The session is in IndexedDB as well, and went with it: the page itself still knows the person.
    await member.sees('Made before the wipe')
    expect(member.errors).toEqual([])
    await member.context.close()
  })

  test('[D11] a full device says so, keeps what is new in memory, and writes it when there is room', async () => {
    const { member, tools } = await offline('first')
    await tools.send('Storage.overrideQuotaForOrigin', { origin: app.url, quotaSize: 1 })
    // Chromium believes for half a minute what it knew of the room that is left.
    let made = 0
    await until(
      async () => {
        await member.addTask(`Made on a full device, ${++made}`)
        return member.waterline()
      },
      (seen) => /This device is full/.test(seen),
      90_000,
    )
    await member.sees(`Made on a full device, ${made}`)
    await tools.send('Storage.overrideQuotaForOrigin', { origin: app.url })
    await member.waterlineSays(new RegExp(`Saved on this device, ${made} wait`))
    await reload(member)
    await member.sees(`Made on a full device, ${made}`)
    await member.context.setOffline(false)
    await member.waterlineSays(/Synced.*Live/)
    expect(member.errors).toEqual([])
    await member.context.close()
  })
})
