/** The database's own topics over supabase-js: what is heard here is the server's word. */
import { fromBase64 } from '../base64.ts'
import type { LiveChannel, UpdateHint } from '../ports.ts'
import { joinTopic, type RealtimeClient } from './private-topics.ts'

export function makeLiveChannel(client: RealtimeClient): LiveChannel {
  return {
    join(topic, listener) {
      const { leave } = joinTopic(client, topic, listener, (channel, isWanted) => {
        channel.on('broadcast', { event: 'update' }, ({ payload }) => {
          const hint = readHint(payload)
          if (hint && isWanted()) listener.hint(hint)
        })
      })
      return leave
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
