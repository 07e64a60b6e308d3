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
  readonly order: number
  readonly run: () => void
}

export function makeVirtualClock(start = Date.UTC(2026, 0, 5, 9)): VirtualClock {
  let now = start
  let order = 0
  const timers = new Set<Timer>()

  const due = (until: number) =>
    [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at || a.order - b.order)[0]

  // A task of the event loop runs after every promise that can settle without time has settled.
  const rest = () =>
    new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel()
      port1.addEventListener('message', () => {
        port1.close()
        resolve()
      })
      port1.start()
      port2.postMessage(null)
    })

  const clock: VirtualClock = {
    now: () => now,
    after(milliseconds, run) {
      const timer = { at: now + Math.max(0, milliseconds), order: order++, run }
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
