import { PartOutdated } from '../sync/part-loading.ts'
import { firstPaint } from './first-paint.ts'
import { makeScript } from './script.ts'

const script = makeScript(() => import('../sync/leading-part.ts'))

/** What a tab needs to lead: in every tab soon after its first paint, so that a handover waits for no network. */
export async function loadLeading(): ReturnType<typeof script> {
  await firstPaint
  try {
    return await script()
  } catch (error) {
    if (await isReplaced()) throw new PartOutdated()
    throw error
  }
}

/** The server has another app by now, and took the scripts of this one away. */
async function isReplaced(): Promise<boolean> {
  const own = document.querySelector<HTMLScriptElement>('script[type=module]')
  if (!own) return false
  try {
    const page = await fetch('/index.html', { cache: 'no-store' })
    const text = await page.text()
    // A portal's page is nobody's app.
    return page.ok && text.includes('id="app"') && !text.includes(new URL(own.src).pathname)
  } catch {
    return false
  }
}
