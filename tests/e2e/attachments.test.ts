import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../harness/until.ts'
import { launchBrowser } from './harness/browser.ts'
import { makePng } from './harness/make-png.ts'
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

const task = 'Calibrar sondas, Farmácia Boa Vista'

const attach = (page: Page, name: string, mimeType: string, buffer: Buffer) =>
  page.locator('section.attachments input[multiple]').setInputFiles({ name, mimeType, buffer })

/** The tile shows a picture that was decoded, and not a place for one. */
async function seesPicture(page: Page, name: string) {
  const tile = page.getByRole('button', { name: `Open the photo ${name}` })
  await tile.waitFor({ timeout: 60_000 })
  await until(
    () => tile.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth),
    (width) => width > 0,
    60_000,
  )
  return tile
}

/** What goes to the resumable endpoint, by method. */
function watchUploads(page: Page) {
  const calls: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/storage/v1/upload/resumable')) calls.push(request.method())
  })
  return calls
}

describe('attachments', () => {
  test('[F1] [F2] a photo added offline outlives a reload, is sent when the network is back, and seen elsewhere', async () => {
    const lia = await TeamMember.signIn(browser, app, 'first')
    await lia.waterlineSays(/Synced.*Live/)
    await lia.openTask(task)
    await lia.context.setOffline(true)
    await attach(lia.page, 'panel.png', 'image/png', makePng(900, 600))
    await seesPicture(lia.page, 'panel.png')
    await lia.waterlineSays(/Saved on this device, 1 wait/)
    await lia.page.getByText('1 waits for the network', { exact: true }).waitFor()

    await lia.page.reload()
    const tile = await seesPicture(lia.page, 'panel.png')
    expect(await tile.getAttribute('aria-label')).toContain('only on this device')
    await lia.page.getByRole('contentinfo', { name: 'Sync' }).getByRole('button').click()
    await lia.page.getByRole('dialog', { name: 'Sync' }).getByText('File: panel.png').waitFor()
    await lia.page.keyboard.press('Escape')

    await lia.context.setOffline(false)
    await lia.waterlineSays(/Synced.*Live/)
    await until(
      () => tile.getAttribute('aria-label'),
      (label) => label === 'Open the photo panel.png',
    )
    const marta = await TeamMember.signIn(browser, app, 'second')
    await marta.openTask(task)
    await seesPicture(marta.page, 'panel.png')
    expect([...lia.errors, ...marta.errors]).toEqual([])
    await Promise.all([lia.context.close(), marta.context.close()])
  })

  test('[F4] a tab that is killed in the middle of a large file leaves it to the next, which goes on where it was', async () => {
    const lia = await TeamMember.signIn(browser, app, 'first')
    await lia.waterlineSays(/Synced.*Live/)
    await lia.openTask('Lista de preços da rota norte')
    const line = await lia.context.newCDPSession(lia.page)
    await line.send('Network.enable')
    await line.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 5,
      downloadThroughput: -1,
      uploadThroughput: 1_000_000,
    })
    const first = watchUploads(lia.page)
    await attach(lia.page, 'recording.bin', 'application/octet-stream', randomBytes(15_000_000))
    // The first part is there, the second is on its way.
    await until(
      () => first.filter((method) => method === 'PATCH').length,
      (parts) => parts >= 2,
      60_000,
    )
    const address = lia.page.url()
    await lia.page.close()

    lia.page = await lia.context.newPage()
    const second = watchUploads(lia.page)
    await lia.page.goto(address)
    await lia.waterlineSays(/Synced.*Live/)
    await lia.page.getByText('recording.bin').waitFor()
    await lia.page
      .getByRole('listitem')
      .filter({ hasText: 'recording.bin' })
      .filter({ hasNotText: 'only on this device' })
      .waitFor({ timeout: 60_000 })
    await lia.waterlineSays(/Synced.*Live/)
    // Asked where it was, and never begun anew.
    expect(second).not.toContain('POST')
    expect(second).toContain('HEAD')
    expect(first.filter((method) => method === 'POST')).toHaveLength(1)
    await lia.context.close()
  })

  test('[F5] [F11] the same photo twice is sent once; removing has an undo, by toast, by key and from the removed', async () => {
    const lia = await TeamMember.signIn(browser, app, 'first')
    await lia.waterlineSays(/Synced.*Live/)
    await lia.openTask('Renovar o seguro da van 2')
    const calls = watchUploads(lia.page)
    const photo = makePng(400, 300, 5)
    await attach(lia.page, 'first.png', 'image/png', photo)
    await seesPicture(lia.page, 'first.png')
    await attach(lia.page, 'again.png', 'image/png', photo)
    await seesPicture(lia.page, 'again.png')
    await lia.waterlineSays(/Synced.*Live/)
    expect(calls.filter((method) => method === 'POST')).toHaveLength(1)

    const again = lia.page.getByRole('button', { name: 'Open the photo again.png' })
    await lia.page.getByRole('button', { name: 'Remove again.png' }).click()
    await again.waitFor({ state: 'detached' })
    await lia.page.getByRole('button', { name: /^Undo/ }).click()
    await again.waitFor()
    await lia.page.getByRole('button', { name: 'Remove again.png' }).click()
    await again.waitFor({ state: 'detached' })
    await lia.page.getByText('1 removed').click()
    await lia.page.getByRole('button', { name: 'Restore again.png' }).click()
    await again.waitFor()
    await lia.page.keyboard.press('Control+z')
    await again.waitFor({ state: 'detached' })
    expect(lia.errors).toEqual([])
    await lia.context.close()
  })

  test('by keyboard alone: a photo opens large, arrows go on, Escape comes back to its tile', async () => {
    const lia = await TeamMember.signIn(browser, app, 'first')
    await lia.openTask('Cotar gás R-404A para dezembro')
    await attach(lia.page, 'one.png', 'image/png', makePng(800, 500, 7))
    await seesPicture(lia.page, 'one.png')
    await attach(lia.page, 'two.png', 'image/png', makePng(500, 800, 9))
    await seesPicture(lia.page, 'two.png')
    const tile = lia.page.getByRole('button', { name: /^Open the photo one.png/ })
    await tile.focus()
    await lia.page.keyboard.press('Enter')
    const large = lia.page.getByRole('dialog', { name: 'one.png' })
    await large.waitFor()
    await large.getByText('1 of 2').waitFor()
    await lia.page.keyboard.press('ArrowRight')
    await lia.page.getByRole('dialog', { name: 'two.png' }).getByRole('img', { name: 'two.png' }).waitFor()
    await lia.page.keyboard.press('Escape')
    await lia.page.getByRole('dialog', { name: 'two.png' }).waitFor({ state: 'detached' })
    expect(await tile.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(lia.errors).toEqual([])
    await lia.context.close()
  })

  test('[F12] what could run is neither shown nor opened, and comes back as a download of bare bytes', async () => {
    const lia = await TeamMember.signIn(browser, app, 'first')
    await lia.openTask('Cotar gás R-404A para dezembro')
    const drawing = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    await attach(lia.page, 'drawing.svg', 'image/svg+xml', Buffer.from(drawing))
    await lia.page.getByText('drawing.svg').waitFor()
    expect(await lia.page.getByRole('button', { name: /photo drawing/ }).count()).toBe(0)
    const [download] = await Promise.all([
      lia.page.waitForEvent('download'),
      lia.page.getByRole('button', { name: 'Download drawing.svg' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('drawing.svg')
    await attach(lia.page, 'nothing.txt', 'text/plain', Buffer.alloc(0))
    await lia.page.getByText('“nothing.txt” is empty and was not attached.').waitFor()
    await lia.context.close()
  })

  test('[F13] a photo taken sideways stands upright, smaller, and without the place where it was taken', async () => {
    const lia = await TeamMember.signIn(browser, app, 'first')
    await lia.openTask('Cotar gás R-404A para dezembro')
    const plain = await lia.page.evaluate(async () => {
      const canvas = new OffscreenCanvas(3000, 1500)
      canvas.getContext('2d')?.fillRect(0, 0, 3000, 700)
      const jpeg = await canvas.convertToBlob({ type: 'image/jpeg' })
      return [...new Uint8Array(await jpeg.arrayBuffer())]
    })
    await attach(lia.page, 'sideways.jpg', 'image/jpeg', asTakenSideways(Buffer.from(plain)))
    const tile = await seesPicture(lia.page, 'sideways.jpg')
    const shown = await tile.locator('img').evaluate((image) => {
      const { naturalWidth, naturalHeight } = image as HTMLImageElement
      return { naturalWidth, naturalHeight }
    })
    expect(shown).toEqual({ naturalWidth: 1024, naturalHeight: 2048 })
    const [download] = await Promise.all([
      lia.page.waitForEvent('download'),
      (async () => {
        await tile.click()
        await lia.page.getByRole('dialog').getByRole('button', { name: 'Download' }).click()
      })(),
    ])
    const saved = readFileSync(await download.path())
    expect(saved.includes('Exif')).toBe(false)
    expect(saved.includes('8 S, 34 W')).toBe(false)
    expect(saved.readUInt16BE(0)).toBe(0xffd8)
    await lia.context.close()
  })
})

/** Says that it was taken with the camera turned, and where, as cameras do. */
function asTakenSideways(jpeg: Buffer): Buffer {
  const place = Buffer.from('8 S, 34 W\0')
  const tiff = Buffer.alloc(8 + 2 + 2 * 12 + 4)
  tiff.write('MM\0*', 0, 'latin1')
  tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(2, 8)
  // Orientation 6: to be turned a quarter to the right.
  tiff.writeUInt16BE(0x0112, 10)
  tiff.writeUInt16BE(3, 12)
  tiff.writeUInt32BE(1, 14)
  tiff.writeUInt16BE(6, 18)
  // A description, after the list.
  tiff.writeUInt16BE(0x010e, 22)
  tiff.writeUInt16BE(2, 24)
  tiff.writeUInt32BE(place.length, 26)
  tiff.writeUInt32BE(tiff.length, 30)
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, place])
  const segment = Buffer.alloc(4)
  segment.writeUInt16BE(0xffe1, 0)
  segment.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), segment, body, jpeg.subarray(2)])
}
