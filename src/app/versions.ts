import { whenNobodyTypes } from './when-nobody-types.ts'

export interface Versions {
  activate(): void
  postpone(): void
}

/**
 * One waiting version, all tabs together: whichever tab says "reload" or "later" says it for all. The worker takes
 * over on `activate`; every tab then reloads by itself, each at the first moment in which nobody types there.
 */
export async function watchVersions(told: {
  onReady: (ready: boolean) => void
  onOffline: () => void
}): Promise<Versions | undefined> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return undefined
  const { Workbox } = await import('workbox-window')
  const worker = new Workbox('/sw.js')
  const tabs = new BroadcastChannel('tideline-version')
  tabs.addEventListener('message', (event) => {
    if (event.data === 'later') told.onReady(false)
  })

  let waiting = false
  worker.addEventListener('waiting', () => {
    waiting = true
    whenNobodyTypes(() => {
      if (waiting) told.onReady(true)
    })
  })
  worker.addEventListener('activated', (event) => {
    if (event.isUpdate !== true) told.onOffline()
  })
  // Also told in the tabs that did not ask: `controllerchange` reaches every one of them.
  // The very first worker takes over the page that brought it: that is no new version.
  let controlled = navigator.serviceWorker.controller !== null
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    told.onReady(false)
    if (controlled) whenNobodyTypes(() => location.reload())
    controlled = true
  })
  const registration = await worker.register()
  // An app that stays open for days asks for news whenever it is looked at again.
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && navigator.onLine) void registration?.update().catch(() => undefined)
  })
  return {
    activate() {
      // Another tab may have brought the newer version already: then a reload is the way to it.
      if (registration?.waiting) worker.messageSkipWaiting()
      else location.reload()
    },
    postpone() {
      waiting = false
      told.onReady(false)
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has no target origin
      tabs.postMessage('later')
    },
  }
}
