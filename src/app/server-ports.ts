import { LogServerError, type LiveChannel, type LogServer, type Session } from '../sync/ports.ts'
import type { Meeting, Meetings } from '../sync/meetings-port.ts'
import { loadServer } from './cloud.ts'

/**
 * The engine's three ways to the server, standing before supabase-js is there: it is loaded after the first paint, and
 * a chunk that does not come is a network that is away.
 */
export const logOf = (personId: string): LogServer => ({
  push: async (operations, signal) => (await loaded()).logOf(personId).push(operations, signal),
  pull: async (cursors, signal) => (await loaded()).logOf(personId).pull(cursors, signal),
})

export const live: LiveChannel = {
  join(topic, listener) {
    let left = false
    let leave: (() => void) | undefined
    const join = async () => {
      try {
        const { live: channel } = await loaded()
        if (!left) leave = channel.join(topic, listener)
      } catch (error) {
        if (!left) listener.dropped(error instanceof Error ? error.message : String(error))
      }
    }
    void join()
    return () => {
      left = true
      leave?.()
    }
  },
}

export const meetings: Meetings = {
  join(topic, listener) {
    let left = false
    let meeting: Meeting | undefined
    const join = async () => {
      try {
        const { meetings: channels } = await loaded()
        if (!left) meeting = channels.join(topic, listener)
      } catch (error) {
        if (!left) listener.dropped(error instanceof Error ? error.message : String(error))
      }
    }
    void join()
    return {
      say: (event, payload) => meeting?.say(event, payload),
      leave() {
        left = true
        meeting?.leave()
      },
    }
  },
}

export const sessionOf = (personId: string): Session => ({
  async renew(force) {
    try {
      return await (await loaded()).sessionOf(personId).renew(force)
    } catch {
      return 'unreachable'
    }
  },
  subscribe(listener) {
    let left = false
    let leave: (() => void) | undefined
    const listen = async () => {
      const { sessionOf: session } = await loaded()
      if (!left) leave = session(personId).subscribe(listener)
    }
    listen().catch(() => undefined) // nobody can sign in or out before it is loaded
    return () => {
      left = true
      leave?.()
    }
  },
})

async function loaded(): ReturnType<typeof loadServer> {
  try {
    return await loadServer()
  } catch (error) {
    throw new LogServerError('unreachable', error instanceof Error ? error.message : String(error))
  }
}
