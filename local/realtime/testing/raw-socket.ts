// A socket without supabase-js: frames as written, for what the client library would never send.

import { WebSocket } from 'ws'
import { Inbox } from './inbox.ts'
import { keys } from './endpoint.ts'

export interface RawFrame {
  joinRef: string | null
  ref: string | null
  topic: string
  event: string
  payload: Record<string, unknown>
}

export class RawSocket {
  readonly frames = new Inbox<RawFrame>()
  readonly bytes = new Inbox<Buffer>()
  readonly closed = new Inbox<{ code: number; reason: string }>()
  #ref = 0

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) return this.bytes.put(data)
      const value = JSON.parse(data.toString()) as unknown
      if (!Array.isArray(value)) {
        const { join_ref, ...rest } = value as RawFrame & { join_ref: string }
        return this.frames.put({ ...rest, joinRef: join_ref })
      }
      const [joinRef, ref, topic, event, payload] = value as [
        string,
        string,
        string,
        string,
        RawFrame['payload'],
      ]
      this.frames.put({ joinRef, ref, topic, event, payload })
    })
    socket.on('close', (code, reason) => this.closed.put({ code, reason: reason.toString() }))
    socket.on('error', () => {})
  }

  static async open(url: string, query: Record<string, string> = {}): Promise<RawSocket> {
    const parameters = new URLSearchParams({ apikey: keys.publishableKey, vsn: '2.0.0', ...query })
    const socket = new WebSocket(`${url.replace('http', 'ws')}/realtime/v1/websocket?${parameters}`)
    const raw = new RawSocket(socket)
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('unexpected-response', (_request, response) =>
        reject(new Error(`HTTP ${response.statusCode}`)),
      )
    })
    return raw
  }

  push(topic: string, event: string, payload: unknown, joinRef: string | null = null): string {
    const ref = String(++this.#ref)
    this.socket.send(JSON.stringify([joinRef, ref, topic, event, payload]))
    return ref
  }

  async call(
    topic: string,
    event: string,
    payload: unknown,
    joinRef: string | null = null,
  ): Promise<RawFrame> {
    const ref = this.push(topic, event, payload, joinRef)
    return this.frames.first(
      (frame) => frame.event === 'phx_reply' && frame.ref === ref,
      `the reply to ${event}`,
    )
  }

  join(topic: string, config: unknown = {}, more: Record<string, unknown> = {}): Promise<RawFrame> {
    return this.call(`realtime:${topic}`, 'phx_join', { config, ...more })
  }
}
