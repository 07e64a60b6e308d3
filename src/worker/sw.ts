/// <reference lib="webworker" />
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { FLUSH_TAG } from '../sync/flush-tag.ts'

/** Background Sync: the browser wakes the worker when there is a network, up to three times. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string
  readonly lastChance: boolean
}

declare const self: ServiceWorkerGlobalScope & {
  readonly __WB_MANIFEST: (string | { url: string; revision: string | null })[]
  addEventListener(type: 'sync', listener: (event: SyncEvent) => void): void
}

/**
 * The whole app is stored at installation, so any address of it opens without a network. Requests of the app for data
 * never pass through here: documents have their own store, and an answer of the server is never kept or invented by
 * this worker. What it does with data is one thing: it sends what a closed app left unsent.
 */
// oxlint-disable-next-line no-underscore-dangle -- the build replaces this very name by the list of files
precacheAndRoute(self.__WB_MANIFEST)
cleanupOutdatedCaches()

const ofTheServer = [
  /^\/auth\//,
  /^\/rest\//,
  /^\/realtime\//,
  /^\/storage\//,
  /^\/functions\//,
  /^\/healthz/,
]
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: ofTheServer }))

// A new version waits until a person says so: see `src/app/versions.ts`.
self.addEventListener('message', (event) => {
  const message: unknown = event.data
  if (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    message.type === 'SKIP_WAITING'
  ) {
    void self.skipWaiting()
  }
})

// The first installation serves the tab that brought it, so that it is ready to go offline at once.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('sync', (event) => {
  if (event.tag === FLUSH_TAG) event.waitUntil(flushOrMark(event.lastChance))
})

/** What failed for the last time is marked on the app's icon, and goes at the next start. [K4] */
async function flushOrMark(lastChance: boolean): Promise<void> {
  try {
    // The build puts it into this same file, as a function: what it takes is evaluated when it is needed.
    const { flush } = await import('./flush.ts')
    await flush()
  } catch (error) {
    if (lastChance) await self.navigator.setAppBadge?.().catch(() => undefined)
    throw error
  }
}
