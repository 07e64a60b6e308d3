// The endpoint as a whole: takes over upgraded sockets, answers the REST broadcasts, listens to the feed.

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Sql } from 'postgres'
import { type WebSocket, WebSocketServer } from 'ws'
import { errorCode, type Log } from '../log.ts'
import { Changes } from './changes.ts'
import { Client } from './client.ts'
import { Feed } from './feed.ts'
import { isVsn } from './frames.ts'
import { Hub, roomOf } from './hub.ts'
import { defaultLimits, type Limits, RateMeter } from './limits.ts'
import { Policies } from './policies.ts'
import { Presence } from './presence.ts'
import { BroadcastApi, secretHeaders } from './rest.ts'
import type { Services } from './services.ts'
import { storedBroadcast } from './stored-message.ts'
import { type Keys, Tokens } from './tokens.ts'

export interface RealtimeOptions extends Keys {
  /** A pool of the endpoint's own, as a superuser. */
  sql: Sql
  /** The same database, for the connection that listens. */
  databaseUrl: string
  log: Log
  limits?: Partial<Limits>
  /** How often the feed is swept and the listening connection looked at. */
  sweepMs?: number
}

export interface Realtime {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  fetch(request: Request): Promise<Response>
  /** False while the database's messages cannot be heard. */
  isUp(): boolean
  stop(): Promise<void>
}

const pruneEveryMs = 60_000

export async function startRealtime(options: RealtimeOptions): Promise<Realtime> {
  const { sql, log } = options
  const limits = { ...defaultLimits, ...options.limits }
  const meter = (perSecond: number) => new RateMeter(perSecond, limits.rateWindowSeconds)
  const services: Services = {
    sql,
    log,
    limits,
    tokens: new Tokens(options),
    policies: new Policies(sql, log),
    hub: new Hub(),
    presence: new Presence(),
    changes: new Changes(sql, log, limits.changeBytes),
    joins: meter(limits.joinsPerSecond),
    events: meter(limits.eventsPerSecond),
    presenceEvents: meter(limits.presenceEventsPerSecond),
  }
  const feed = new Feed(sql, options.databaseUrl, log, feedReader(services), options.sweepMs ?? 15_000)
  await feed.start()

  const clients = new Set<Client>()
  // Twice the payload's limit, so that a payload just above it is answered and not cut off.
  const server = new WebSocketServer({ noServer: true, maxPayload: limits.payloadBytes * 2 + 65_536 })
  const api = new BroadcastApi(services)

  const watch = setInterval(
    () => {
      const oldest = Date.now() - limits.silenceMs
      for (const client of clients) if (client.lastHeard < oldest) client.terminate()
    },
    Math.min(5_000, limits.silenceMs / 4),
  )
  watch.unref()
  const prune = () =>
    sql`select _realtime.prune()`.catch((error: unknown) => {
      log.warn(`Realtime: old messages could not be pruned (${errorCode(error)}).`)
    })
  let pruned = prune()
  const pruning = setInterval(() => (pruned = prune()), pruneEveryMs)
  pruning.unref()

  return {
    isUp: () => feed.up,
    handleUpgrade(request, socket, head) {
      const query = new URLSearchParams((request.url ?? '').split('?', 2)[1])
      const vsn = query.get('vsn') ?? '1.0.0'
      const key = request.headers['x-api-key'] ?? query.get('apikey')
      const verdict = typeof key === 'string' ? services.tokens.identify(key) : undefined
      if (!isVsn(vsn))
        return refuse(socket, 400, `protocol version ${JSON.stringify(vsn)} is not spoken here`)
      if (!verdict) return refuse(socket, 401, 'an apikey is required')
      if (!verdict.claims) return refuse(socket, 401, `${verdict.refusal.code}: ${verdict.refusal.message}`)
      if (clients.size >= limits.connections) {
        return refuse(socket, 429, 'ConnectionRateLimitReached: Too many connected users')
      }
      const token = verdict.claims.exp === undefined || typeof key !== 'string' ? null : key
      const { claims } = verdict
      server.handleUpgrade(request, socket, head, (upgraded) => {
        const client = new Client(services, upgraded, vsn, policyHeaders(request), { claims, token })
        attach(upgraded, client, clients, log)
      })
    },
    fetch: (request) =>
      api.fetch(request).catch((error: unknown) => {
        log.warn(`Realtime: a REST broadcast failed (${errorCode(error)}).`)
        return Response.json({ message: 'The broadcast failed; try again' }, { status: 500 })
      }),
    async stop() {
      clearInterval(watch)
      clearInterval(pruning)
      for (const client of clients) client.close(1001, 'the server is stopping')
      await feed.stop()
      await pruned
      for (const client of clients) client.terminate()
      server.close()
    },
  }
}

function attach(socket: WebSocket, client: Client, clients: Set<Client>, log: Log): void {
  clients.add(client)
  socket.on('message', (data: Buffer, isBinary) => client.receive(data, isBinary))
  socket.on('close', () => {
    clients.delete(client)
    client.closed()
  })
  // `ws` closes the socket itself after a frame that breaks its protocol or limit.
  socket.on('error', (error) => log.info(`Realtime: a socket broke (${errorCode(error)}).`))
}

function feedReader(services: Services) {
  const { hub, changes } = services
  return {
    message(row: Parameters<typeof storedBroadcast>[0], transaction: bigint) {
      const broadcast = storedBroadcast(row)
      if (broadcast) hub.publish(roomOf(row.topic, row.private === true), { ...broadcast, transaction })
    },
    change: (row: Parameters<Changes['publish']>[0]) => changes.publish(row),
    publication: () => changes.publicationChanged(),
    wantsChanges: () => changes.wanted,
  }
}

function policyHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === 'string' && !secretHeaders.has(name) && name !== 'x-api-key' ? [[name, value]] : [],
    ),
  )
}

function refuse(socket: Duplex, status: number, reason: string): void {
  const phrase = status === 401 ? 'Unauthorized' : status === 429 ? 'Too Many Requests' : 'Bad Request'
  const body = JSON.stringify({ message: reason })
  socket.on('error', () => {})
  socket.end(
    `HTTP/1.1 ${status} ${phrase}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
