/** The ports over a real page: timers, crypto, IndexedDB, BroadcastChannel, and what the page hears of its life. */
import type {
  Clock,
  Connectivity,
  ConnectivityEvent,
  Random,
  SyncPorts,
  TabBus,
  TabMessage,
} from '../ports.ts'
import { makeIndexedDbStorage } from '../storage/indexeddb-storage.ts'

export type BrowserPorts = Pick<SyncPorts, 'clock' | 'random' | 'connectivity' | 'storage' | 'tabs'>

export function makeBrowserPorts(personId: string): BrowserPorts {
  return {
    clock,
    random,
    connectivity,
    storage: makeIndexedDbStorage({ indexedDB, IDBKeyRange }, personId),
    tabs: makeTabBus(`tideline/${personId}`),
  }
}

const clock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    if (milliseconds === 0) return afterThisTask(run)
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}

/** A browser holds the timers of a tab that nobody looks at, up to a second and more; messages it lets through. */
function afterThisTask(run: () => void): () => void {
  const { port1, port2 } = new MessageChannel()
  port1.addEventListener('message', () => {
    port1.close()
    run()
  })
  port1.start()
  port2.postMessage(null)
  return () => port1.close()
}

const random: Random = {
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  fraction: () => Math.random(),
}

const connectivity: Connectivity = {
  online: () => navigator.onLine,
  subscribe(listener) {
    const stop = new AbortController()
    const on = (target: EventTarget, name: string, meaning: (event: Event) => ConnectivityEvent | null) =>
      target.addEventListener(
        name,
        (event) => {
          const meant = meaning(event)
          if (meant) listener(meant)
        },
        { signal: stop.signal },
      )
    on(window, 'online', () => 'online')
    on(window, 'offline', () => 'offline')
    on(document, 'visibilitychange', () => (document.visibilityState === 'hidden' ? 'hidden' : 'visible'))
    // Safari closes a page without a visibilitychange, Chrome freezes one without a pagehide.
    on(window, 'pagehide', () => 'hidden')
    on(document, 'freeze', () => 'hidden')
    // The first `pageshow` of a page is no return.
    on(window, 'pageshow', (event) => ((event as PageTransitionEvent).persisted ? 'visible' : null))
    on(document, 'resume', () => 'visible')
    return () => stop.abort()
  },
}

/** Where BroadcastChannel is missing, each tab works alone. */
function makeTabBus(name: string): TabBus {
  if (typeof BroadcastChannel === 'undefined') return { post() {}, subscribe: () => () => {} }
  const channel = new BroadcastChannel(name)
  let closed = false
  return {
    post(message) {
      // A closed channel throws, and an edit made while the workspace is being left would throw with it.
      if (closed) return
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has no target
      channel.postMessage(message)
    },
    subscribe(listener) {
      const hear = ({ data }: MessageEvent<TabMessage>) => listener(data)
      channel.addEventListener('message', hear)
      return () => {
        channel.removeEventListener('message', hear)
        channel.close()
        closed = true
      }
    },
  }
}
