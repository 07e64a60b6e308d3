// Collects what arrives and lets a test wait for it; nothing here waits for a time.

import type { RealtimeChannel } from '@supabase/supabase-js'

export class Inbox<T> {
  readonly all: T[] = []
  #waiting = new Set<() => void>()

  readonly put = (item: T): void => {
    this.all.push(item)
    for (const look of this.#waiting) look()
  }

  async until(holds: (all: T[]) => boolean, what = 'the awaited items', milliseconds = 5_000): Promise<T[]> {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(look)
        reject(new Error(`${what} did not arrive; there is ${JSON.stringify(this.all)}`))
      }, milliseconds)
      const look = () => {
        if (!holds(this.all)) return
        clearTimeout(late)
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
    return this.all
  }

  async count(count: number, what?: string): Promise<T[]> {
    return this.until((all) => all.length >= count, what ?? `${count} items`)
  }

  async first(matches: (item: T) => boolean, what?: string): Promise<T> {
    const all = await this.until((items) => items.some(matches), what)
    const found = all.find(matches)
    if (found === undefined) throw new Error('it arrived and is gone')
    return found
  }
}

export interface Joined {
  channel: RealtimeChannel
  status: string
  reason: string
  statuses: Inbox<{ status: string; reason: string }>
}

/**
 * Subscribes, and gives back the first status that the client tells. The token is set before: supabase-js
 * sends a join that is asked for in the same tick as `createClient` without it.
 */
export async function subscribe(channel: RealtimeChannel): Promise<Joined> {
  const statuses = new Inbox<{ status: string; reason: string }>()
  await channel.socket.setAuth()
  channel.subscribe((status, error) => statuses.put({ status, reason: error?.message ?? '' }))
  const [first] = await statuses.count(1, `a status of ${channel.topic}`)
  return { channel, statuses, status: first?.status ?? '', reason: first?.reason ?? '' }
}
