/**
 * Does one piece of work after the other while there is some, in one tab of the device [F3]. What passes by itself is
 * tried again after 1, 2, 4 … 30 seconds, each ± 20 %, or after the longer pause that the server names; what the server
 * says of one file stops that file alone [F7].
 */
import type { SyncPorts } from '../ports.ts'
import { FileServerError } from './file-ports.ts'

const LONGEST_PAUSE = 30_000

export interface Work {
  /** Of a file; work with another key is other work. */
  readonly key: string
  run(signal: AbortSignal): Promise<void>
  /** The server said no to this work, and would say it again. */
  failed(code: string): void
}

export interface Uploader {
  /** Something may have changed: begins, goes on, or lets go of what is no longer to be done. */
  wake(): void
  /** The way to the server is new: it is tried at once. */
  hurry(): void
  /** Lets go of everything and of the lock; `wake` begins anew. */
  rest(): Promise<void>
}

type UploaderPorts = Pick<SyncPorts, 'clock' | 'random' | 'locks'>

export function makeUploader(
  { clock, random, locks }: UploaderPorts,
  lock: string,
  /** What is to be done now: what is under way, as long as it is still to be done. */
  next: (under: string | null) => Work | null,
): Uploader {
  let running: Promise<void> | null = null
  let resting = new AbortController()
  let current: { key: string; stop: AbortController } | null = null
  let hasLock = false
  let failures = 0
  let hurried = () => {}

  const wait = (pause: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const end = () => {
        cancel()
        signal.removeEventListener('abort', end)
        resolve()
      }
      const cancel = clock.after(pause, end)
      hurried = end
      signal.addEventListener('abort', end)
    })

  const pauseAfter = (error: unknown) => {
    failures++
    const pause = Math.min(LONGEST_PAUSE, 1_000 * 2 ** (failures - 1)) * (0.8 + 0.4 * random.fraction())
    const named = error instanceof FileServerError ? (error.retryAfter ?? 0) : 0
    return Math.round(Math.max(pause, named))
  }

  const doNext = async (work: Work, signal: AbortSignal) => {
    const stop = new AbortController()
    const give = () => stop.abort()
    signal.addEventListener('abort', give)
    current = { key: work.key, stop }
    try {
      await work.run(stop.signal)
      failures = 0
    } catch (error) {
      if (stop.signal.aborted) return
      if (error instanceof FileServerError && isFinal(error)) work.failed(error.reason)
      else await wait(pauseAfter(error), stop.signal)
    } finally {
      signal.removeEventListener('abort', give)
      current = null
    }
  }

  const work = async (signal: AbortSignal) => {
    hasLock = true
    try {
      for (let todo = next(null); todo && !signal.aborted; todo = next(null)) await doNext(todo, signal)
    } finally {
      hasLock = false
    }
  }

  const begin = async (mine: AbortController) => {
    const { signal } = mine
    if (!locks) return work(signal)
    await locks.hold(lock, { signal }, (lost) => {
      lost.addEventListener('abort', () => letGo(mine))
      return work(signal)
    })
  }

  const letGo = (mine: AbortController) => {
    mine.abort()
    if (resting === mine) resting = new AbortController()
  }

  const uploader: Uploader = {
    wake() {
      const todo = next(current?.key ?? null)
      if (current && todo?.key !== current.key) current.stop.abort()
      if (running || !todo) return
      const ended = (again: boolean) => {
        running = null
        if (again) uploader.wake()
      }
      running = begin(resting).then(
        () => ended(true),
        // The lock cannot be asked for now; the next wake asks again.
        () => ended(false),
      )
    },
    hurry() {
      failures = 0
      hurried()
      uploader.wake()
    },
    async rest() {
      letGo(resting)
      // Who waits for the lock ends at once; who holds it ends with its call to the server.
      if (hasLock) await running
    },
  }
  return uploader
}

/** Said of this file; another try would be answered alike. */
function isFinal({ reason }: FileServerError): boolean {
  return reason === 'refused' || reason === 'too-large' || reason === 'rejected'
}
