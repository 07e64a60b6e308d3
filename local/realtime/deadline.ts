export class DeadlinePassed extends Error {
  readonly code = 'DEADLINE_PASSED'
}

/** The promise, or a DeadlinePassed when it has not settled in time. */
export async function withDeadline<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlinePassed(`not settled after ${milliseconds} ms`)), milliseconds)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * What the database answers, or a DeadlinePassed. The library may leave a query unanswered when the server ends
 * its connection at the wrong moment, and whoever waits for it would wait for ever.
 */
export const answered = <T>(query: Promise<T>): Promise<T> => withDeadline(query, 10_000)
