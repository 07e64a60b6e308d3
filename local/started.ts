import type { Log } from './log.ts'

/** Longer than PostgreSQL is given for a clean end. */
const PATIENCE = 20_000

/**
 * What was started, ended in the opposite order, each whether the others failed or not. One that does not come to its
 * end (a job that waits for a lock, say) is left behind: the database below it is closed all the same.
 */
export class Started {
  readonly #ends: (() => Promise<unknown>)[] = []
  readonly #log: Log
  readonly #patience: number

  constructor(log: Log, patience = PATIENCE) {
    this.#log = log
    this.#patience = patience
  }

  add(end: () => Promise<unknown>): void {
    this.#ends.push(end)
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(resolve, this.#patience, 'late')
      })
      const outcome = await Promise.race([end().catch(() => 'failed'), late])
      clearTimeout(timer)
      if (outcome === 'late') this.#log.warn('A part of the stack did not end in time and was left behind.')
    }
  }
}
