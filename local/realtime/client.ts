// One socket: frames in, frames out, its channels by topic. What is wrong on it stays on it: a malformed
// frame closes this socket, a failing task is logged and answered, and nothing reaches the process.

import type { WebSocket } from 'ws'
import { errorCode } from '../log.ts'
import type { Channel, Owner } from './channel.ts'
import { decodeBytes, decodeText, encodeText, type Frame, MalformedFrame, type Vsn } from './frames.ts'
import { type ConnectionIdentity, joinChannel } from './join.ts'
import { Lane } from './lane.ts'
import type { Services } from './services.ts'

const mostWaiting = 1_000

export class Client implements Owner {
  lastHeard = Date.now()
  #channels = new Map<string, Channel>()
  #lanes = new Map<string, Lane>()
  #joining = 0

  constructor(
    private readonly services: Services,
    private readonly socket: WebSocket,
    readonly vsn: Vsn,
    readonly headers: Record<string, string>,
    private readonly identity: ConnectionIdentity,
  ) {}

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN
  }

  receive(data: Buffer, isBinary: boolean): void {
    this.lastHeard = Date.now()
    let frame: Frame
    try {
      frame = isBinary ? decodeBytes(data) : decodeText(this.vsn, data.toString())
    } catch (error) {
      if (!(error instanceof MalformedFrame)) throw error
      this.socket.close(1007, `malformed frame: ${error.message}`)
      return
    }
    if (frame.topic === 'phoenix') {
      if (frame.event === 'heartbeat') this.#reply(frame, 'ok', {})
      return
    }
    const lane = this.#lane(frame.topic)
    if (lane.length >= mostWaiting) {
      this.socket.close(1008, 'too many frames are waiting for one topic')
      return
    }
    lane.enter(() => this.#handle(frame))
  }

  #lane(topic: string): Lane {
    let lane = this.#lanes.get(topic)
    if (!lane) {
      const failed = (error: unknown) => {
        this.services.log.warn(`Realtime: a frame could not be handled (${errorCode(error)}).`)
        this.#channels.get(topic)?.shutdown('Realtime was unable to connect to the project database')
      }
      const drained = () => {
        if (!this.#channels.has(topic)) this.#lanes.delete(topic)
      }
      lane = new Lane(failed, drained)
      this.#lanes.set(topic, lane)
    }
    return lane
  }

  #handle(frame: Frame): void | Promise<void> {
    if (!this.isOpen) return
    if (frame.event === 'phx_join') return this.#join(frame)
    const channel = this.#channels.get(frame.topic)
    if (frame.event === 'phx_leave') return this.#leave(frame, channel)
    if (!channel) return this.#reply(frame, 'error', { reason: 'unmatched topic' })
    return channel.receive(frame)
  }

  async #join(frame: Frame): Promise<void> {
    const { services } = this
    if (!frame.topic.startsWith('realtime:'))
      return this.#reply(frame, 'error', { reason: 'unmatched topic' })
    this.#channels.get(frame.topic)?.close()
    if (services.joins.exceeded(1)) {
      this.#reply(frame, 'error', { reason: 'ClientJoinRateLimitReached: Too many joins per second' })
      this.socket.close(1008, 'too many joins per second')
      return
    }
    services.joins.add()
    if (this.#channels.size + this.#joining >= services.limits.channelsPerClient) {
      return this.#reply(frame, 'error', { reason: 'ChannelRateLimitReached: Too many channels' })
    }
    this.#joining += 1
    try {
      const outcome = await joinChannel(services, this, frame, this.identity)
      if (!outcome.channel) return this.#reply(frame, 'error', { reason: outcome.refusal })
      if (!this.isOpen) return outcome.channel.leave()
      if (!outcome.channel.open) {
        return this.#reply(frame, 'error', { reason: 'InvalidJWTToken: Token has expired 0 seconds ago' })
      }
      this.#channels.set(frame.topic, outcome.channel)
      outcome.channel.reply(frame.ref, 'ok', outcome.response)
      outcome.start()
    } catch (error) {
      services.log.warn(`Realtime: a join failed (${errorCode(error)}).`)
      this.#reply(frame, 'error', { reason: 'Realtime was unable to connect to the project database' })
    } finally {
      this.#joining -= 1
    }
  }

  #leave(frame: Frame, channel: Channel | undefined): void {
    this.#reply(frame, 'ok', {})
    // A leave of an earlier join of the same topic must not close the one that took its place.
    if (channel && (frame.joinRef === null || frame.joinRef === channel.joinRef)) channel.close()
  }

  #reply(frame: Frame, status: 'ok' | 'error', response: Record<string, unknown>): void {
    const { joinRef, ref, topic } = frame
    if (ref === null) return
    const payload = JSON.stringify({ status, response })
    this.send(encodeText(this.vsn, { joinRef, ref, topic, event: 'phx_reply', payload }))
  }

  send(frame: string | Buffer): void {
    if (!this.isOpen) return
    if (this.socket.bufferedAmount > this.services.limits.bufferedBytes) {
      this.services.log.warn('Realtime: a client read too slowly and was disconnected.')
      this.socket.terminate()
      return
    }
    this.socket.send(frame)
  }

  forget(channel: Channel): void {
    if (this.#channels.get(channel.topic) === channel) this.#channels.delete(channel.topic)
  }

  /** The socket is gone. */
  closed(): void {
    for (const channel of this.#channels.values()) channel.leave()
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason)
  }

  terminate(): void {
    this.socket.terminate()
  }
}
