/**
 * What is told to screens, and when. `get` always gives what is now; listeners are told once per task, and while very
 * much is pending a few times a second, since whoever shows a list of thousands works on all of it. [T10]
 */
import type { Observable } from './observable.ts'
import type { Clock } from './ports.ts'
import type { SyncState } from './sync-state.ts'

const MANY = 200
const PAUSE = 50

export interface StateTelling {
  readonly state: Observable<SyncState>
  changed(): void
  stop(): void
}

export function makeStateTelling(clock: Clock, current: () => SyncState): StateTelling {
  const listeners = new Set<(state: SyncState) => void>()
  let state: SyncState | null = null
  let waiting = false
  let cancel: (() => void) | null = null
  let toldAt = -Infinity
  let stopped = false

  const get = () => {
    state ??= current()
    return state
  }

  const tell = () => {
    waiting = false
    cancel = null
    if (stopped) return
    toldAt = clock.now()
    for (const listener of listeners) listener(get())
  }

  return {
    state: {
      get,
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    changed() {
      const many = (state?.pending.length ?? 0) > MANY
      // What was shown once is not to be built again for nobody.
      state = null
      if (waiting || stopped) return
      waiting = true
      const pause = toldAt + PAUSE - clock.now()
      if (many && pause > 0) cancel = clock.after(pause, tell)
      else void Promise.resolve().then(tell)
    },
    stop() {
      stopped = true
      cancel?.()
    },
  }
}
