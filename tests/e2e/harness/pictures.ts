import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../../scripts/setup/root.mjs'
import { launchBrowser } from './browser.ts'
import { runApp } from './running-app.ts'
import { TeamMember } from './team-member.ts'

// A picture of a tide that is just going out shows nothing.
const still = { reducedMotion: 'reduce' } as const
const phone = {
  ...still,
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
  deviceScaleFactor: 2,
}

/** The pictures of README.md and of the manifest. */
export async function takePictures(): Promise<void> {
  const documents = join(root, 'docs/images')
  const manifest = join(root, 'public/screenshots')
  for (const folder of [documents, manifest]) mkdirSync(folder, { recursive: true })
  const app = await runApp()
  const browser = await launchBrowser()
  try {
    const lia = await TeamMember.signIn(browser, app, 'first', still)
    await lia.waterlineSays(/Synced.*Live/)
    await lia.page.getByText('Ready to work offline').waitFor({ state: 'detached' })
    await lia.page.screenshot({ path: join(manifest, 'wide.png') })
    const task = 'Trocar ventilador do condensador, freezer ilha'
    const night = await TeamMember.signIn(browser, app, 'second', { ...still, colorScheme: 'dark' })
    await night.openTask(task)
    await lia.openTask(task)
    await lia.page.getByRole('link', { name: 'Marta Oliveira is in this task' }).waitFor()
    await lia.page.mouse.move(0, 0)
    await lia.page.screenshot({ path: join(documents, 'tasks.png') })
    await night.closeTask()

    await night.waterlineSays(/Synced.*Live/)
    await night.context.setOffline(true)
    await night.addTask('Trazer o ventilador de 220 V da van 3 #peças p2')
    await night.addTask('Avisar o Mercado São Jorge: 15h30 p1')
    await night.page.getByText('Ready to work offline').waitFor({ state: 'detached' })
    await night.waterlineSays(/Saved on this device, 2 wait/)
    await night.page.getByRole('contentinfo', { name: 'Sync' }).getByRole('button').click()
    await night.page.getByRole('dialog', { name: 'Sync' }).waitFor()
    await night.page.screenshot({ path: join(documents, 'sync-panel.png') })

    const field = await TeamMember.signIn(browser, app, 'second', phone)
    await field.page.getByText('Ready to work offline').waitFor({ state: 'detached' })
    await field.page.screenshot({ path: join(manifest, 'narrow.png') })
    await field.context.setOffline(true)
    await field.waterlineSays(/Offline/)
    await field.page.screenshot({ path: join(documents, 'phone-offline.png') })
  } finally {
    await browser.close()
    await app.dispose()
  }
}
