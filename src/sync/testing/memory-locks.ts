/** Web Locks in memory: one profile's, with a page for each tab, whose end frees what it held and what it waited for. */
import type { Locks } from '../ports.ts'

interface LockPage {
  readonly locks: Locks
  /** The tab dies: nothing of it runs any more, so its holders are not even told. */
  end(): void
}

export interface MemoryLocks {
  page(): LockPage
  /** Names held at this moment. */
  readonly held: readonly string[]
}

interface Request {
  readonly page: object
  grant(): void
  /** The lock is taken away. */
  lose(): void
}

interface Lock {
  holder: Request | null
  waiting: Request[]
}

export function makeMemoryLocks(): MemoryLocks {
  const locks = new Map<string, Lock>()

  const lock = (name: string): Lock => {
    const found = locks.get(name) ?? { holder: null, waiting: [] }
    locks.set(name, found)
    return found
  }

  const next = (at: Lock) => {
    if (at.holder !== null) return
    at.holder = at.waiting.shift() ?? null
    at.holder?.grant()
  }

  const release = (at: Lock, request: Request) => {
    if (at.holder === request) at.holder = null
    next(at)
  }

  const forget = (at: Lock, gone: (request: Request) => boolean) => {
    at.waiting = at.waiting.filter((request) => !gone(request))
    if (at.holder && gone(at.holder)) at.holder = null
    next(at)
  }

  const makePage = (): LockPage => {
    const page = {}
    let ended = false

    /** Resolves when `held` has ended or the wait was given up. A page that ended never hears of it. */
    const request = (
      name: string,
      signal: AbortSignal | null,
      steal: boolean,
      held: (lost: AbortSignal) => Promise<void>,
    ) =>
      new Promise<void>((resolve, reject) => {
        const at = lock(name)
        const lost = new AbortController()
        const mine: Request = {
          page,
          grant: () => void Promise.resolve().then(run),
          lose: () => !ended && lost.abort(),
        }
        const run = async () => {
          signal?.removeEventListener('abort', giveUp)
          if (ended) return
          try {
            await held(lost.signal)
            if (!ended) resolve()
          } catch (error) {
            reject(error)
          } finally {
            if (!ended) release(at, mine)
          }
        }
        const giveUp = () => {
          if (at.holder === mine) return
          forget(at, (other) => other === mine)
          resolve()
        }
        if (signal?.aborted) return resolve()
        signal?.addEventListener('abort', giveUp)
        if (steal) {
          at.holder?.lose()
          at.holder = mine
          mine.grant()
        } else {
          at.waiting.push(mine)
          next(at)
        }
      })

    return {
      locks: {
        hold: (name, { signal, steal = false }, held) => request(name, signal, steal, held),
        async holdIfFree(name, held) {
          const { holder, waiting } = lock(name)
          if (holder !== null || waiting.length > 0) return false
          await request(name, null, false, held)
          return true
        },
      },
      end() {
        ended = true
        for (const at of locks.values()) forget(at, (other) => other.page === page)
      },
    }
  }

  return {
    page: makePage,
    get held() {
      return [...locks].flatMap(([name, { holder }]) => (holder ? [name] : []))
    },
  }
}
