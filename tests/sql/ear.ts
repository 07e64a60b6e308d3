import { REALTIME_SUBSCRIBE_STATES, type RealtimeChannel, type SupabaseClient } from '@supabase/supabase-js'
import { expect } from 'vitest'

interface Heard {
  event: string
  payload: Record<string, unknown>
}

export interface Ear {
  outcome: 'joined' | 'refused'
  reason?: string
  channel: RealtimeChannel
  heard: Heard[]
  count(wanted: number): Promise<Heard[]>
}

/** Joins a topic and keeps what it hears. A refusal is an outcome, not an error. */
export async function listen(
  client: SupabaseClient,
  topic: string,
  { isPrivate = true, ack = true }: { isPrivate?: boolean; ack?: boolean } = {},
): Promise<Ear> {
  await client.realtime.setAuth()
  const heard: Heard[] = []
  const channel = client.channel(topic, {
    config: { private: isPrivate, broadcast: { ack, self: true } },
  })
  channel.on('broadcast', { event: '*' }, ({ event, payload }) => {
    heard.push({ event, payload: payload as Record<string, unknown> })
  })
  // supabase-js asks for presence only where somebody listens for it.
  channel.on('presence', { event: 'sync' }, () => {})
  const joined = await new Promise<Pick<Ear, 'outcome' | 'reason'>>((resolve) => {
    channel.subscribe((status, error) => {
      if (status === REALTIME_SUBSCRIBE_STATES.SUBSCRIBED) resolve({ outcome: 'joined' })
      else resolve({ outcome: 'refused', reason: error?.message ?? status })
    })
  })
  // A refused channel would try again for ever.
  if (joined.outcome === 'refused') await client.removeChannel(channel)
  return {
    ...joined,
    channel,
    heard,
    async count(wanted) {
      await expect.poll(() => heard.length, { timeout: 5000 }).toBeGreaterThanOrEqual(wanted)
      return heard
    },
  }
}
