/**
 * The life of a tab, as the others see it: a lock that is held as long as the tab runs. [T7] Who gets the lock of
 * another tab knows that it is gone. A tab that is frozen or put away lets go of it, and takes it again when it is back.
 */
import type { Locks } from './ports.ts'

export interface TabLife {
  /** The lock is held, or there are no locks. */
  readonly here: Promise<void>
  begin(): void
  end(): void
}

export function makeTabLife(locks: Locks | null, lockName: string): TabLife {
  let ending: AbortController | null = null
  let here: Promise<void> = Promise.resolve()

  return {
    get here() {
      return here
    },
    begin() {
      if (!locks || ending) return
      const mine = new AbortController()
      ending = mine
      here = new Promise((resolve) => {
        void locks.hold(lockName, { signal: mine.signal }, async () => {
          resolve()
          await aborted(mine.signal)
        })
      })
    },
    end() {
      ending?.abort()
      ending = null
    },
  }
}

export function aborted(...signals: readonly AbortSignal[]): Promise<void> {
  if (signals.some((signal) => signal.aborted)) return Promise.resolve()
  return new Promise((resolve) => {
    for (const signal of signals) signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
