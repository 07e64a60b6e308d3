/// <reference lib="webworker" />
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

declare const self: ServiceWorkerGlobalScope & {
  readonly __WB_MANIFEST: (string | { url: string; revision: string | null })[]
}

/**
 * The whole app is stored at installation, so any address of it opens without a network. Data never passes through
 * here: documents have their own store, and an answer of the server is never kept or invented by this worker.
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
