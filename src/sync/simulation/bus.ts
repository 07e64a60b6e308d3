/** The broadcast channel of one person's tabs on one device: in order, never to oneself. */
import type { Clock, TabBus, TabMessage } from '../ports.ts'
import type { Life } from './life.ts'

export interface Bus {
  /** A tab of a newer app speaks a higher protocol than those beside it. */
  as(life: Life, version: number): TabBus
}

export function makeBus(clock: Clock, delay: number): Bus {
  const listeners = new Map<Life, Set<(message: TabMessage) => void>>()
  return {
    as(life, version) {
      const mine = new Set<(message: TabMessage) => void>()
      listeners.set(life, mine)
      life.onEnd(() => listeners.delete(life))
      return {
        post(message) {
          if (life.state === 'gone') return
          const copy = { ...structuredClone(message), protocol: message.protocol + version }
          for (const [other, theirs] of listeners) {
            if (other === life) continue
            clock.after(delay, () => other.hear(() => theirs.forEach((listener) => listener(copy))))
          }
        },
        subscribe(listener) {
          const heard = (message: TabMessage) =>
            listener({ ...message, protocol: message.protocol - version })
          mine.add(heard)
          return () => mine.delete(heard)
        },
      }
    },
  }
}
