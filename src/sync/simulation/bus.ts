/** The broadcast channel of one person's tabs on one device: in order, never to oneself. */
import type { Clock, TabBus, TabMessage } from '../ports.ts'
import type { Life } from './life.ts'

export interface Bus {
  as(life: Life): TabBus
}

export function makeBus(clock: Clock, delay: number): Bus {
  const listeners = new Map<Life, Set<(message: TabMessage) => void>>()
  return {
    as(life) {
      const mine = new Set<(message: TabMessage) => void>()
      listeners.set(life, mine)
      life.onEnd(() => listeners.delete(life))
      return {
        post(message) {
          if (life.state === 'gone') return
          const copy = structuredClone(message)
          for (const [other, theirs] of listeners) {
            if (other === life) continue
            clock.after(delay, () => other.hear(() => theirs.forEach((listener) => listener(copy))))
          }
        },
        subscribe(listener) {
          mine.add(listener)
          return () => mine.delete(listener)
        },
      }
    },
  }
}
