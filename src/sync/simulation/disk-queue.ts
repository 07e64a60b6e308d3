/**
 * The order of a disk: transactions of one database complete as they began, however slow, and one that is held up
 * holds up those behind it. What was not complete when the connection closed fails.
 */
import { StorageError, type Clock } from '../ports.ts'
import type { Life } from './life.ts'
import type { SeededRandom } from './seeded.ts'

export interface DiskQueue {
  /** Longest time of one transaction, in milliseconds. */
  slowness: number
  /** Blocked: nothing opens and nothing ends, as beside a page of another version. Held up: it opens, and nothing ends. */
  stuck: 'blocked' | 'held up' | null
  open<T>(run: () => Promise<T>): Promise<T>
  /** One transaction of a page on a connection that was opened as the so-manieth. */
  transact<T>(database: string, connection: number, life: Life, run: () => Promise<T>): Promise<T>
  readonly connection: number
  closeConnections(): void
  /** Nothing is slow or stuck any more. */
  heal(): void
}

export function makeDiskQueue(clock: Clock, random: SeededRandom): DiskQueue {
  const last = new Map<string, Promise<unknown>>()
  const waiting: (() => void)[] = []
  const cutOff = new WeakSet<Life>()
  let stuck: DiskQueue['stuck'] = null
  let connection = 0

  const holds = (opening: boolean) => stuck === 'blocked' || (stuck === 'held up' && !opening)

  const released = async (opening: boolean) => {
    while (holds(opening)) await new Promise<void>((resolve) => void waiting.push(resolve))
  }

  const queue: DiskQueue = {
    slowness: 0,
    get stuck() {
      return stuck
    },
    set stuck(next) {
      stuck = next
      for (const resolve of waiting.splice(0)) resolve()
    },
    async open(run) {
      await released(true)
      return run()
    },
    transact(database, mine, life, run) {
      const before = last.get(database) ?? Promise.resolve()
      const time = random.below(1 + queue.slowness)
      const turn = async () => {
        const held = time > 0 || stuck !== null
        if (time > 0) await new Promise<void>((resolve) => void clock.after(time, resolve))
        await released(false)
        if (mine !== connection) throw new StorageError('unavailable', 'the connection closed')
        // A page that died meanwhile may have taken its transaction with it, and then all that came after.
        if (held && life.state === 'gone' && random.percent(50)) cutOff.add(life)
        if (cutOff.has(life)) throw new StorageError('unavailable', 'the page is gone')
        return run()
      }
      const transaction = before.then(turn, turn)
      last.set(database, transaction)
      return transaction
    },
    get connection() {
      return connection
    },
    closeConnections() {
      connection++
      // What was held up fails now.
      for (const resolve of waiting.splice(0)) resolve()
    },
    heal() {
      queue.slowness = 0
      queue.stuck = null
    },
  }
  return queue
}
