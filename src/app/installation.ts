import { createSignal } from 'solid-js'
import type { Installation } from '../stores/app-context.ts'
import { recall, remember } from '../stores/remembered.ts'
import type { Versions, watchVersions } from './versions.ts'

/** The browser offers the installation once, early: whoever asks later is answered from what was kept here. */
export function createInstallation(): { installation: Installation; start: () => void } {
  const standalone = matchMedia('(display-mode: standalone)')
  const [installed, setInstalled] = createSignal(standalone.matches || navigator.standalone === true)
  const [prompt, setPrompt] = createSignal<BeforeInstallPromptEvent>()
  const [updateReady, setUpdateReady] = createSignal(false)
  const [offlineReady, setOfflineReady] = createSignal(false)
  let versions: Versions | undefined

  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    setPrompt(event)
  })
  addEventListener('appinstalled', () => {
    setInstalled(true)
    setPrompt()
  })
  standalone.addEventListener('change', (event) => setInstalled(event.matches))

  const isIos =
    /iPhone|iPad/.test(navigator.userAgent) ||
    (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)

  return {
    installation: {
      installed,
      offer: () => (prompt() !== undefined ? 'prompt' : isIos ? 'ios' : 'no'),
      async install() {
        const event = prompt()
        setPrompt()
        if (event !== undefined) await event.prompt()
      },
      updateReady,
      // Without a service worker a reload is the way to the newest one.
      update: () => (versions === undefined ? location.reload() : versions.activate()),
      postpone: () => versions?.postpone(),
      offlineReady,
    },
    start() {
      const watch = async (told: Parameters<typeof watchVersions>[0]) =>
        (await import('./versions.ts')).watchVersions(told)
      watch({
        onReady: setUpdateReady,
        onOffline: () => {
          if (recall('offline-ready', (value): value is true => value === true)) return
          remember('offline-ready', true)
          setOfflineReady(true)
        },
      })
        .then((started) => (versions = started))
        .catch(() => undefined) // no service worker here (private window, plain http): the app works online
    },
  }
}
