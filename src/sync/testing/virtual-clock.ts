/** Time that stands still until a test moves it, so that hours of retries pass in a moment and always alike. */
import type { Clock } from '../ports.ts'

export interface VirtualClock extends Clock {
  /** Lets everything that is already due or under way come to rest. */
  settle(): Promise<void>
  /** Moves time on, running each timer at its moment and letting it come to rest. */
  advance(milliseconds: number): Promise<void>
  readonly timers: number
}

interface Timer {
  readonly at: number
  readonly run: () => void
}

export function makeVirtualClock(start = Date.UTC(2026, 0, 5, 9)): VirtualClock {
  let now = start
  const timers = new Set<Timer>()

  // They stand in the order they were made in, so the first of the earliest is the next.
  const due = (until: number): Timer | null => {
    let next: Timer | null = null
    for (const timer of timers) if (timer.at <= until && (next === null || timer.at < next.at)) next = timer
    return next
  }

  // A task of the event loop runs after every promise that can settle without time has settled.
  const rest = () => new Promise<void>((resolve) => void setImmediate(resolve))

  const clock: VirtualClock = {
    now: () => now,
    after(milliseconds, run) {
      const timer = { at: now + Math.max(0, milliseconds), run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    settle: () => clock.advance(0),
    async advance(milliseconds) {
      const until = now + milliseconds
      await rest()
      for (let timer = due(until); timer; timer = due(until)) {
        timers.delete(timer)
        now = Math.max(now, timer.at)
        timer.run()
        await rest()
      }
      now = until
    },
    get timers() {
      return timers.size
    },
  }
  return clock
}
