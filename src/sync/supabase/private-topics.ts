/**
 * Private topics of one websocket over supabase-js. supabase-js would join again by its own schedule, and its
 * `channel()` gives back a channel that is still leaving; here a topic that is lost is lost, the last one to leave
 * hangs up, and a join waits until what was left before it is gone. When to try again is the engine's decision.
 */
import type { RealtimeChannel, SupabaseClient } from '@supabase/supabase-js'

export type RealtimeClient = Pick<SupabaseClient, 'channel' | 'removeChannel' | 'realtime'>

interface Socket {
  readonly wanted: Set<symbol>
  leaving: Promise<unknown>
}

export interface JoinListener {
  joined(): void
  dropped(reason: string, refused?: boolean): void
}

export interface JoinedTopic {
  /** Null until the join goes out, and from the leave on. */
  readonly channel: RealtimeChannel | null
  leave(): void
}

// One client has one socket, also when a second engine follows the first on it.
const sockets = new WeakMap<object, Socket>()

/** `listen` is called with the channel before it is joined; what it hears after the leave is nobody's any more. */
export function joinTopic(
  client: RealtimeClient,
  topic: string,
  listener: JoinListener,
  listen: (channel: RealtimeChannel, isWanted: () => boolean) => void,
): JoinedTopic {
  const socket = sockets.get(client) ?? { wanted: new Set(), leaving: Promise.resolve() }
  sockets.set(client, socket)
  const { wanted } = socket
  const key = Symbol(topic)
  wanted.add(key)
  const isWanted = () => wanted.has(key)
  let channel: RealtimeChannel | null = null

  const open = (): RealtimeChannel => {
    const made = client.channel(topic, { config: { private: true } })
    listen(made, isWanted)
    return made.subscribe((status, error) => {
      if (!isWanted()) return
      if (status === 'SUBSCRIBED') listener.joined()
      else {
        const reason = error ? `${status}: ${error.message}` : status
        listener.dropped(reason, /unauthorized|jwt/i.test(error?.message ?? ''))
      }
    })
  }

  const start = async () => {
    try {
      await socket.leaving
      // Private channels are judged by the token that the socket has at this moment.
      if (isWanted()) await client.realtime.setAuth()
      if (isWanted()) channel = open()
    } catch (error) {
      if (isWanted()) listener.dropped(error instanceof Error ? error.message : String(error))
    }
  }
  const joining = start()

  const hangUp = async () => {
    // The socket first: a channel left on an open but silent socket would wait ten seconds for an answer.
    if (wanted.size === 0) await client.realtime.disconnect()
    if (channel) await client.removeChannel(channel)
  }

  const leaveAfter = async (before: Promise<unknown>) => {
    await before
    await joining
    await hangUp()
  }

  return {
    get channel() {
      return isWanted() ? channel : null
    },
    leave() {
      if (wanted.delete(key)) socket.leaving = leaveAfter(socket.leaving).catch(() => {})
    },
  }
}
