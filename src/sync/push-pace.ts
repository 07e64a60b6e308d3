/**
 * How soon the next push may start. An edit goes at once: whoever made it waits for the server's word. A burst, such
 * as twenty cards dragged or a text pasted by a program, goes in one push every tenth of a second, for each costs the
 * server the same whether it carries one edit or fifty. [S10]
 */
import type { Clock } from './ports.ts'

const BURST = 100
// So many edits within so short a time are no person's typing.
const MANY = 4
const QUICK = 50

export interface PushPace {
  edited(): void
  ended(): void
  /** Milliseconds that edits now wait for each other. */
  pause(): number
}

export function makePushPace(clock: Clock): PushPace {
  let edits: readonly number[] = []
  let endedAt = -Infinity
  return {
    edited() {
      edits = [...edits.slice(1 - MANY), clock.now()]
    },
    ended() {
      endedAt = clock.now()
    },
    pause() {
      const now = clock.now()
      const isBurst = edits.length === MANY && Math.abs(now - (edits[0] ?? now)) < QUICK
      // A clock that was put back meanwhile must not make it wait for hours.
      return isBurst ? Math.min(BURST, Math.max(0, endedAt + BURST - now)) : 0
    },
  }
}
