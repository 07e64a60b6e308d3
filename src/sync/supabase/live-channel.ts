/**
 * The websocket over supabase-js. supabase-js would join again by its own schedule, and its `channel()` gives back a
 * channel that is still leaving; here a topic that is lost is lost, the last one to leave hangs up, and a join waits
 * until what was left before it is gone. When to try again is the engine's decision.
 */
import type { RealtimeChannel, SupabaseClient } from '@supabase/supabase-js'
import { fromBase64 } from '../base64.ts'
import type { LiveChannel, LiveListener, UpdateHint } from '../ports.ts'

type Client = Pick<SupabaseClient, 'channel' | 'removeChannel' | 'realtime'>

interface Socket {
  readonly wanted: Set<symbol>
  leaving: Promise<unknown>
}

// One client has one socket, also when a second engine follows the first on it.
const sockets = new WeakMap<object, Socket>()

export function makeLiveChannel(client: Client): LiveChannel {
  const socket = sockets.get(client) ?? { wanted: new Set(), leaving: Promise.resolve() }
  sockets.set(client, socket)
  const { wanted } = socket

  const open = (topic: string, listener: LiveListener, isWanted: () => boolean): RealtimeChannel =>
    client
      .channel(topic, { config: { private: true } })
      .on('broadcast', { event: 'update' }, ({ payload }) => {
        const hint = readHint(payload)
        if (hint && isWanted()) listener.hint(hint)
      })
      .subscribe((status, error) => {
        if (!isWanted()) return
        if (status === 'SUBSCRIBED') listener.joined()
        else
          listener.dropped(
            error ? `${status}: ${error.message}` : status,
            /unauthorized|jwt/i.test(error?.message ?? ''),
          )
      })

  const hangUp = async (channel: RealtimeChannel | null) => {
    // The socket first: a channel left on an open but silent socket would wait ten seconds for an answer.
    if (wanted.size === 0) await client.realtime.disconnect()
    if (channel) await client.removeChannel(channel)
  }

  return {
    join(topic, listener) {
      const key = Symbol(topic)
      wanted.add(key)
      const isWanted = () => wanted.has(key)
      let channel: RealtimeChannel | null = null
      const start = async () => {
        try {
          await socket.leaving
          // Private channels are judged by the token that the socket has at this moment.
          if (isWanted()) await client.realtime.setAuth()
          if (isWanted()) channel = open(topic, listener, isWanted)
        } catch (error) {
          if (isWanted()) listener.dropped(error instanceof Error ? error.message : String(error))
        }
      }
      const joining = start()
      const leave = async (before: Promise<unknown>) => {
        await before
        await joining
        await hangUp(channel)
      }
      return () => {
        if (!wanted.delete(key)) return
        socket.leaving = leave(socket.leaving).catch(() => {})
      }
    },
  }
}

function readHint(payload: unknown): UpdateHint | null {
  if (typeof payload !== 'object' || payload === null) return null
  const { doc, seq, op_id, after, update } = payload as Record<string, unknown>
  if (typeof doc !== 'string' || typeof seq !== 'number' || typeof op_id !== 'string') return null
  return {
    doc,
    seq,
    op_id,
    after: typeof after === 'string' ? after : null,
    ...(update === undefined ? {} : { update: fromBase64(update) }),
  }
}
