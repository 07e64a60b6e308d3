import { performance } from 'node:perf_hooks'

/** Calls `work` at a steady pace; a late one does not push the next ones on. */
export async function atPace(times: number, every: number, work: (n: number) => void): Promise<void> {
  const begun = performance.now()
  for (let n = 0; n < times; n++) {
    const wait = begun + n * every - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    work(n)
  }
}
