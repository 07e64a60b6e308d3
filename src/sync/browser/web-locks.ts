import type { Locks } from '../ports.ts'

type Held = (lost: AbortSignal) => Promise<void>

/** Web Locks. Null where they are missing, as on a page that is not served securely. */
export function makeWebLocks(manager: LockManager | undefined, prefix: string): Locks | null {
  if (!manager) return null

  const request = async (name: string, options: LockOptions, held: Held): Promise<boolean> => {
    const lost = new AbortController()
    let running: Promise<void> | null = null
    try {
      await manager.request(prefix + name, options, (lock) => {
        if (lock) running = held(lost.signal)
        return running
      })
    } catch (error) {
      // A holder learns of a theft by the rejection of its request, while its own work still runs.
      if (!(error instanceof DOMException && error.name === 'AbortError')) throw error
      lost.abort()
      await running
    }
    return running !== null
  }

  return {
    // A request may not both steal and be given up: one that steals never waits.
    hold: async (name, { signal, steal = false }, held) => {
      if (!signal.aborted) await request(name, steal ? { steal } : { signal }, held)
    },
    holdIfFree: (name, held) => request(name, { ifAvailable: true }, held),
  }
}
