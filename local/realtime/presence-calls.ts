// What a client may ask of presence on one channel: track and untrack, a few in a window of time.

import type { Frame } from './frames.ts'
import { fields } from './join-config.ts'
import type { Member } from './presence.ts'
import type { Services } from './services.ts'

interface PresentChannel extends Member {
  readonly room: string
  reply(ref: string | null, status: 'ok' | 'error', response: string): void
  push(event: string, payload: string): void
  shutdown(message: string): void
}

export class PresenceCalls {
  #tracked: string | null = null
  #watching = false
  #calls = 0
  #windowEnds = 0

  constructor(
    private readonly services: Services,
    private readonly channel: PresentChannel,
  ) {}

  /** From here on the channel has the whole state and hears every change. */
  sync(mayRead: boolean): void {
    if (!mayRead || this.#watching || !this.#count()) return
    this.#watching = true
    const { presence } = this.services
    this.channel.push('presence_state', presence.state(this.channel.room))
    presence.watch(this.channel.room, this.channel)
  }

  receive(frame: Frame, may: { read: boolean; write: boolean }): void {
    const { channel } = this
    if (!this.#withinWindow()) return channel.shutdown('Client presence rate limit exceeded')
    const call = fields(frame.payload) ?? {}
    const event = typeof call['event'] === 'string' ? call['event'].toLowerCase() : ''
    if (event === 'untrack') {
      this.#tracked = null
      this.services.presence.untrack(channel.room, channel)
    } else if (event === 'track') {
      if (!may.write) return channel.reply(frame.ref, 'error', '{}')
      const payload = fields(call['payload'] ?? {})
      if (!payload) {
        return channel.reply(frame.ref, 'error', '{"reason":"Presence track payload must be a map"}')
      }
      if (!this.#track(payload)) return
      this.sync(may.read)
    } else if (event !== '') {
      return channel.reply(frame.ref, 'error', '{}')
    }
    channel.reply(frame.ref, 'ok', '{}')
  }

  #track(payload: Record<string, unknown>): boolean {
    const text = JSON.stringify(payload)
    if (text === this.#tracked) return true
    if (Buffer.byteLength(text) > this.services.limits.payloadBytes) {
      this.channel.shutdown('Track message size exceeded')
      return false
    }
    if (!this.#count()) return false
    this.#tracked = text
    this.services.presence.track(this.channel.room, this.channel, payload)
    return true
  }

  #count(): boolean {
    if (this.services.presenceEvents.exceeded(1)) {
      this.channel.shutdown('Too many presence messages per second')
      return false
    }
    this.services.presenceEvents.add()
    return true
  }

  #withinWindow(): boolean {
    const { presenceCallsPerClient, presenceWindowMs } = this.services.limits
    const now = Date.now()
    if (now > this.#windowEnds) {
      this.#calls = 0
      this.#windowEnds = now + presenceWindowMs
    }
    this.#calls += 1
    return this.#calls <= presenceCallsPerClient
  }
}
