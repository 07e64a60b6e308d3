/** Whether a page runs: one that sleeps hears and does nothing until it wakes, and one that has ended nothing ever. */
export interface PageLife {
  /** Runs it now, on waking, or never. */
  run(work: () => void): void
  /** The call, and its answer, as far as the page lives to make and to hear them. */
  call<T>(work: () => Promise<T>): Promise<T>
  sleep(): void
  wake(): void
  end(): void
}

export function makePageLife(): PageLife {
  let state: 'awake' | 'asleep' | 'over' = 'awake'
  let waiting: (() => void)[] = []

  const run = (work: () => void) => {
    if (state === 'awake') work()
    else if (state === 'asleep') waiting.push(work)
  }
  const awake = () => new Promise<void>((resolve) => run(resolve))

  return {
    run,
    async call(work) {
      await awake()
      try {
        return await work()
      } finally {
        await awake()
      }
    },
    sleep() {
      if (state === 'awake') state = 'asleep'
    },
    wake() {
      if (state !== 'asleep') return
      state = 'awake'
      const due = waiting
      waiting = []
      for (const work of due) run(work)
    },
    end() {
      state = 'over'
      waiting = []
    },
  }
}
