// The endpoint behind a bare HTTP server on a free port, over a fresh database, with clients of every kind.

import { createHmac, randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { Sql } from 'postgres'
import { WebSocket } from 'ws'
import { silentLog } from '../../log.ts'
import { installRealtimeSchema, type Realtime, type RealtimeOptions, startRealtime } from '../index.ts'
import { startDatabase, type TestDatabase } from './database.ts'

export const keys = {
  jwtSecret: 'a secret of the tests, at least thirty-two characters long',
  publishableKey: 'sb_publishable_test',
  secretKey: 'sb_secret_test',
}

export interface TestEndpoint {
  url: string
  sql: Sql
  realtime: Realtime
  client(options?: ClientOptions): SupabaseClient
  stop(): Promise<void>
}

interface ClientOptions {
  key?: string
  token?: string
  vsn?: '1.0.0' | '2.0.0'
}

export function signToken(claims: Record<string, unknown>, secret = keys.jwtSecret): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
}

export const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds

export function personToken(claims: Record<string, unknown> = {}): string {
  return signToken({ role: 'authenticated', sub: randomUUID(), exp: inSeconds(3600), ...claims })
}

export async function startTestEndpoint(options: Partial<RealtimeOptions> = {}): Promise<TestEndpoint> {
  const database = await startDatabase()
  await installRealtimeSchema(database.sql)
  const endpoint = await startEndpointOn(database, options)
  return {
    ...endpoint,
    async stop() {
      await endpoint.stop()
      await database.stop()
    },
  }
}

/** A further endpoint, with other limits, over a database that is already there. */
export async function startEndpointOn(
  database: Pick<TestDatabase, 'url' | 'sql'>,
  options: Partial<RealtimeOptions> = {},
): Promise<TestEndpoint & { databaseUrl: string }> {
  const realtime = await startRealtime({
    sql: database.sql,
    databaseUrl: database.url,
    ...keys,
    log: silentLog,
    ...options,
  })
  const server = await serve(realtime)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clients: SupabaseClient[] = []
  return {
    url,
    sql: database.sql,
    databaseUrl: database.url,
    realtime,
    client({ key = keys.publishableKey, token, vsn = '2.0.0' } = {}) {
      const client = createClient(url, key, {
        ...(token ? { accessToken: async () => token } : {}),
        realtime: { transport: WebSocket, vsn, timeout: 5_000 } as never, // `ws` is wider than the browser's type
      })
      clients.push(client)
      return client
    },
    async stop() {
      await Promise.all(clients.map((client) => client.realtime.disconnect()))
      await realtime.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function serve(realtime: Realtime): Promise<Server> {
  const server = createServer(getRequestListener((request) => realtime.fetch(request)))
  server.on('upgrade', (request, socket, head) => realtime.handleUpgrade(request, socket, head))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
