/** The ports over a real page: what its origin has, and what the page hears of its life. */
import type { Connectivity, ConnectivityEvent, SyncPorts } from '../ports.ts'
import { makeOriginPorts, type OriginPorts } from './origin-ports.ts'

type BrowserPorts = OriginPorts & Pick<SyncPorts, 'connectivity'>

export const makeBrowserPorts = (personId: string, workspaceId: string): BrowserPorts => ({
  ...makeOriginPorts(personId, workspaceId),
  connectivity,
})

const listeners = new Set<(event: ConnectivityEvent) => void>()

const connectivity: Connectivity = {
  online: () => navigator.onLine,
  visible: () => document.visibilityState === 'visible',
  subscribe(listener) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

const returned = (): readonly ConnectivityEvent[] =>
  document.visibilityState === 'visible' ? ['returned', 'visible'] : ['returned']

function on(
  target: EventTarget,
  name: string,
  meaning: (event: Event) => readonly ConnectivityEvent[],
): void {
  target.addEventListener(name, (event) => {
    for (const meant of meaning(event)) for (const listener of listeners) listener(meant)
  })
}

// Registered when this module is read, and so before supabase-js is there, whose websocket hangs up at `pagehide` by
// itself: what is to be said before that, such as goodbye, comes first.
on(window, 'online', () => ['online'])
on(window, 'offline', () => ['offline'])
on(document, 'visibilitychange', () => [document.visibilityState === 'hidden' ? 'hidden' : 'visible'])
// Safari closes a page without a visibilitychange, Chrome freezes one without a pagehide. A page that goes into the
// cache of the back button is as frozen as one in the background.
on(window, 'pagehide', () => ['hidden', 'frozen'])
on(document, 'freeze', () => ['hidden', 'frozen'])
// The first `pageshow` of a page is no return. A page that is resumed may still be hidden.
on(window, 'pageshow', (event) => ((event as PageTransitionEvent).persisted ? returned() : []))
on(document, 'resume', returned)
