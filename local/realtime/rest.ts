// Broadcast over HTTP: `POST …/api/broadcast` with `{messages: [{topic, event, payload, private}]}`, and
// `POST …/api/broadcast/<topic>/events/<event>?private=true` with the payload alone, JSON or bytes.

import { type Broadcast, userPayload } from './frames.ts'
import { roomOf } from './hub.ts'
import { fields } from './join-config.ts'
import type { Services } from './services.ts'
import type { Claims } from './tokens.ts'

const anyOrigin = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'authorization, apikey, content-type, x-client-info',
  'access-control-allow-methods': 'POST, OPTIONS',
}

interface Message {
  topic: string
  event: string
  payload: Record<string, unknown>
  private: boolean
}

export class BroadcastApi {
  constructor(private readonly services: Services) {}

  async fetch(request: Request): Promise<Response> {
    const path = /\/api\/broadcast(?:\/([^/]+)\/events\/([^/]+))?\/?$/.exec(new URL(request.url).pathname)
    if (!path) return answer(404, { message: 'Not found' })
    if (request.method === 'OPTIONS') return answer(204)
    if (request.method !== 'POST') return answer(405, { message: 'Method not allowed' })
    const claims = this.#caller(request)
    if (!claims) return answer(401, { message: 'Unauthorized' })
    const [, topic, event] = path
    if (topic === undefined || event === undefined) return this.#batch(request, claims)
    try {
      return await this.#single(request, claims, decodeURIComponent(topic), decodeURIComponent(event))
    } catch (error) {
      if (error instanceof URIError)
        return answer(400, { message: 'The topic or event is not a valid URL part' })
      throw error
    }
  }

  #caller(request: Request): Claims | undefined {
    const [scheme = '', token] = (request.headers.get('authorization') ?? '').split(' ')
    const bearer = scheme.toLowerCase() === 'bearer' ? token : undefined
    const credential = bearer || request.headers.get('apikey')
    return credential ? this.services.tokens.identify(credential).claims : undefined
  }

  async #batch(request: Request, claims: Claims): Promise<Response> {
    const body = await this.#body(request)
    const messages = fields(parsed(body))?.['messages']
    if (!Array.isArray(messages) || messages.length === 0) {
      return answer(422, { errors: { messages: ["can't be blank"] } })
    }
    const errors = messages.map((message) => faults(message, this.services.limits.payloadBytes))
    if (errors.some((fault) => Object.keys(fault).length > 0))
      return answer(422, { errors: { messages: errors } })
    const { events } = this.services
    if (events.exceeded()) return answer(429, { message: 'You have exceeded your rate limit' })
    if (events.exceeded(messages.length)) {
      return answer(429, { message: 'Too many messages to broadcast, please reduce the batch size' })
    }

    const allowed = new Map<string, boolean>()
    for (const message of messages as Message[]) {
      if (message.private && !allowed.has(message.topic)) {
        allowed.set(message.topic, await this.#mayWrite(request, claims, message.topic))
      }
      // A topic that the caller may not write to is passed over without a word, and the rest is sent.
      if (message.private && !allowed.get(message.topic)) continue
      const payload = userPayload(message.event, JSON.stringify(message.payload))
      this.#send(message.topic, message.private, { form: 'text', payload })
    }
    return answer(202)
  }

  async #single(request: Request, claims: Claims, topic: string, event: string): Promise<Response> {
    const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim()
    if (type !== 'application/json' && type !== 'application/octet-stream') {
      return answer(415, { message: 'Content-Type must be application/json or application/octet-stream' })
    }
    const body = await this.#body(request)
    if (!body) return answer(422, { errors: { payload: ['Payload size exceeds tenant limit'] } })
    const encoding = type === 'application/json' ? 'json' : 'binary'
    if (encoding === 'json' && parsed(body) === undefined)
      return answer(400, { message: 'The body is not JSON' })
    if (this.services.events.exceeded(1)) return answer(429, { message: 'You have exceeded your rate limit' })
    const isPrivate = new URL(request.url).searchParams.get('private') === 'true'
    if (isPrivate && !(await this.#mayWrite(request, claims, topic)))
      return answer(403, { message: 'Unauthorized' })
    this.#send(topic, isPrivate, { form: 'bytes', event, encoding, body })
    return answer(202)
  }

  async #mayWrite(request: Request, claims: Claims, topic: string): Promise<boolean> {
    const headers = Object.fromEntries([...request.headers].filter(([name]) => !secretHeaders.has(name)))
    return (await this.services.policies.decide(topic, { claims, headers })).broadcast.write
  }

  #send(topic: string, isPrivate: boolean, broadcast: Broadcast): void {
    this.services.events.add()
    this.services.hub.publish(roomOf(topic, isPrivate), broadcast)
  }

  /** Null when it is longer than a whole batch may be. */
  async #body(request: Request): Promise<Buffer | null> {
    const most = this.services.limits.payloadBytes + 65_536
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of request.body ?? []) {
      length += chunk.length
      if (length > most) return null
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  }
}

/** What a policy has no business to read. */
export const secretHeaders = new Set(['authorization', 'apikey', 'cookie'])

function parsed(body: Buffer | null): unknown {
  try {
    return body === null ? undefined : (JSON.parse(body.toString()) as unknown)
  } catch {
    return undefined
  }
}

function faults(message: unknown, mostBytes: number): Record<string, string[]> {
  const { topic, event, payload, private: isPrivate } = fields(message) ?? {}
  const found: Record<string, string[]> = {}
  if (typeof topic !== 'string' || topic === '') found['topic'] = ["can't be blank"]
  if (typeof event !== 'string' || event === '') found['event'] = ["can't be blank"]
  if (payload === undefined || payload === null) found['payload'] = ["can't be blank"]
  else if (!fields(payload)) found['payload'] = ['is invalid']
  else if (Buffer.byteLength(JSON.stringify(payload)) > mostBytes) {
    found['payload'] = ['Payload size exceeds tenant limit']
  }
  if (isPrivate !== undefined && typeof isPrivate !== 'boolean') found['private'] = ['is invalid']
  return found
}

function answer(status: number, body?: unknown): Response {
  const headers = body === undefined ? anyOrigin : { ...anyOrigin, 'content-type': 'application/json' }
  return new Response(body === undefined ? null : JSON.stringify(body), { status, headers })
}
