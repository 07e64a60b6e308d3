import type { SyncEngine } from '../sync/sync-engine.ts'
import { FLUSH_TAG } from '../sync/flush-tag.ts'

type Watched = Pick<SyncEngine, 'state' | 'connection'>

/** Background Sync, where the browser has it. */
type Registration = ServiceWorkerRegistration & { readonly sync?: { register(tag: string): Promise<void> } }

const ASK_AGAIN = 60_000

/**
 * Asks the browser to wake the worker for what stays unsent: [K1] when the page is hidden, which may be its end, and
 * while there is no connection, at the first edit and then once a minute at most. While live, an edit is sent before
 * anybody could be asked.
 */
export function watchUnsent(
  engine: Watched,
  page: { now(): number; onHidden(run: () => void): () => void; ask(): void; calm(): void },
): () => void {
  let askedAt = -Infinity
  const waits = () => engine.state.get().pending.some(({ state }) => state !== 'refused')
  const ask = () => {
    askedAt = page.now()
    page.ask()
  }
  let marked = true
  const consider = () => {
    // The worker may have marked the icon with what it could not send. [K4]
    if (marked && engine.state.get().lastSyncedAt !== null && !waits()) {
      marked = false
      page.calm()
    }
    if (engine.connection.get().kind === 'live' || page.now() - askedAt < ASK_AGAIN) return
    if (waits()) ask()
  }
  const ends = [
    engine.state.subscribe(consider),
    engine.connection.subscribe(consider),
    page.onHidden(() => {
      if (waits()) ask()
    }),
  ]
  return () => {
    for (const end of ends) end()
  }
}

/** Where the browser has Background Sync; elsewhere what is unsent goes at the next start, return or network. [K5] */
export function flushInBackground(engine: Watched): () => void {
  let registration: Registration | undefined
  // Known before it is needed: a page that is being hidden waits for nothing.
  const know = async () => {
    registration = await navigator.serviceWorker?.ready
  }
  know().catch(() => undefined)
  return watchUnsent(engine, {
    now: () => Date.now(),
    onHidden(run) {
      const stop = new AbortController()
      const hidden = () => document.visibilityState === 'hidden' && run()
      document.addEventListener('visibilitychange', hidden, { signal: stop.signal })
      addEventListener('pagehide', run, { signal: stop.signal })
      return () => stop.abort()
    },
    // Refused where the person forbids it: then it is as if the browser did not have it.
    ask: () => void registration?.sync?.register(FLUSH_TAG).catch(() => undefined),
    calm: () => void navigator.clearAppBadge?.().catch(() => undefined),
  })
}
