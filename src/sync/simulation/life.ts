/**
 * The life of one tab: while frozen it hears and does nothing, and all of it later; once gone, nothing more ever. It
 * may be doomed to end at a port call that lies ahead: before the call, while it is under way, or at its answer.
 */
import type { Clock } from '../ports.ts'

export type Moment = 'before' | 'under way' | 'answered'

export interface Life {
  readonly state: 'running' | 'frozen' | 'gone'
  /** Runs now; a frozen tab's turn comes with its thaw. */
  hear(run: () => void): void
  /** A call to the outside; the answer of one that outlived its tab is heard by nobody. */
  call<T>(name: string, run: () => Promise<T>): Promise<T>
  /** Timers of this tab, by its own clock. */
  readonly clock: Clock
  /** Timers that wait. */
  readonly timers: number
  freeze(): void
  thaw(): void
  end(): void
  onEnd(run: () => void): void
  doom(calls: number, moment: Moment): void
  /** Takes a doom back. */
  spare(): void
}

export function makeLife(world: Clock, now: () => number, note: (line: string) => void): Life {
  let state: Life['state'] = 'running'
  let doomed: { calls: number; readonly moment: Moment } | null = null
  let spared = false
  const missed: (() => void)[] = []
  const waiting = new Set<object>()
  const ending: (() => void)[] = []

  const end = () => {
    if (state === 'gone') return
    state = 'gone'
    waiting.clear()
    for (const run of ending) run()
  }

  const isDoomed = (name: string): Moment | null => {
    if (!doomed || doomed.calls-- > 0) return null
    note(`ends ${doomed.moment} ${name}`)
    return doomed.moment
  }

  const life: Life = {
    get state() {
      return state
    },
    hear(run) {
      if (state === 'running') run()
      else if (state === 'frozen') missed.push(run)
    },
    call(name, run) {
      if (state === 'gone') return new Promise(() => {})
      const moment = isDoomed(name)
      if (moment === 'before') end()
      if (moment === 'before') return new Promise(() => {})
      return new Promise((resolve, reject) => {
        const heard = (tell: () => void) => {
          if (moment === 'answered' && !spared) end()
          life.hear(tell)
        }
        run().then(
          (answer) => heard(() => resolve(answer)),
          (error: unknown) => heard(() => reject(error)),
        )
        if (moment === 'under way') end()
      })
    },
    clock: {
      now,
      after(milliseconds, run) {
        if (state === 'gone') return () => {}
        const timer = {}
        waiting.add(timer)
        const cancel = world.after(milliseconds, () => life.hear(() => waiting.delete(timer) && run()))
        return () => {
          waiting.delete(timer)
          cancel()
        }
      },
    },
    get timers() {
      return waiting.size
    },
    freeze() {
      if (state === 'running') state = 'frozen'
    },
    thaw() {
      if (state !== 'frozen') return
      state = 'running'
      for (let run = missed.shift(); run; run = missed.shift()) life.hear(run)
    },
    end,
    onEnd: (run) => void ending.push(run),
    doom(calls, moment) {
      doomed = { calls, moment }
      spared = false
    },
    spare() {
      doomed = null
      spared = true
    },
  }
  return life
}
