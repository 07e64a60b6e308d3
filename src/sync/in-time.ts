import type { Clock } from './ports.ts'

/** The task's answer, or a rejection once the time is over; the signal tells the task to give up. */
export async function inTime<T>(
  clock: Clock,
  milliseconds: number,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController()
  let cancel = () => {}
  const over = new Promise<never>((_, reject) => {
    cancel = clock.after(milliseconds, () => {
      abort.abort()
      reject(new Error(`no answer in ${milliseconds} ms`))
    })
  })
  try {
    return await Promise.race([task(abort.signal), over])
  } finally {
    cancel()
  }
}
