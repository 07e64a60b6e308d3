/** Topics where devices speak to each other, over supabase-js: bytes travel as bytes, the rest as JSON. */
import type { Meetings } from '../meetings-port.ts'
import { joinTopic, type RealtimeClient } from './private-topics.ts'

export function makeMeetingChannels(client: RealtimeClient): Meetings {
  return {
    join(topic, listener) {
      const joined = joinTopic(client, topic, listener, (channel, isWanted) => {
        channel.on('broadcast', { event: '*' }, ({ event, payload }) => {
          if (isWanted())
            listener.heard(event, payload instanceof ArrayBuffer ? new Uint8Array(payload) : payload)
        })
      })
      return {
        say(event, payload) {
          const { channel } = joined
          // Where it is not joined, supabase-js would say it through a call of its own for each message.
          if (channel?.state !== 'joined' || !client.realtime.isConnected()) return
          void channel.send({
            type: 'broadcast',
            event,
            payload: payload instanceof Uint8Array ? bufferOf(payload) : payload,
          })
        },
        leave: joined.leave,
      }
    },
  }
}

/** Only a buffer travels as bytes: an array over one would arrive as an object of numbers. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes.byteLength)
  new Uint8Array(buffer).set(bytes)
  return buffer
}
