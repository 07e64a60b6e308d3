/** [C13] A device whose clock is hours off, over a real HTTP server and unmodified supabase-js. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient } from '@supabase/supabase-js'
import { WebSocket } from 'ws'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeLogServer } from '../sync/supabase/log-server.ts'
import { makeSession } from '../sync/supabase/session.ts'
import { makeCarefulFetch } from './careful-fetch.ts'

const HOUR = 3_600_000
const realNow = Date.now()
const asked: string[] = []

const http = createServer((request, response) => {
  const path = new URL(request.url ?? '', 'http://x').pathname
  asked.push(path)
  const expires_in = 3_600
  const session = {
    access_token: `token ${asked.length}`,
    token_type: 'bearer',
    refresh_token: 'again',
    expires_in,
    // The server's own clock, which is right.
    expires_at: Math.round(realNow / 1_000) + expires_in,
    user: { id: 'ana', aud: 'authenticated', app_metadata: {}, user_metadata: {}, created_at: '' },
  }
  const body = path === '/auth/v1/token' ? session : { docs: {} }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
})

beforeEach(async () => {
  asked.length = 0
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  vi.useRealTimers()
  await new Promise<void>((resolve) => void http.close(() => resolve()))
})

async function signedIn() {
  const { port } = http.address() as AddressInfo
  const client = createClient(`http://127.0.0.1:${port}`, 'sb_publishable_x', {
    auth: { persistSession: false, autoRefreshToken: false },
    // Node 20 has no WebSocket of its own that supabase-js could use.
    realtime: { transport: WebSocket as never },
    global: { fetch: makeCarefulFetch((input, init) => fetch(input, init)) },
  })
  await client.auth.signInWithPassword({ email: 'ana@x.test', password: 'x' })
  asked.length = 0
  const server = makeLogServer(client, 'ana')
  return {
    session: makeSession(client, 'ana'),
    call: () => server.pull(new Map(), new AbortController().signal),
  }
}

const setClock = (offset: number) => vi.useFakeTimers({ toFake: ['Date'], now: realNow + offset })

test.each([5 * HOUR, -5 * HOUR, 0])(
  'a clock that is %d ms off renews no token at every call',
  async (offset) => {
    setClock(offset)
    const { session, call } = await signedIn()
    for (let n = 0; n < 5; n++) {
      await call()
      expect(await session.renew(false)).toBe('ready')
    }
    expect(asked.filter((path) => path === '/auth/v1/token')).toEqual([])
    expect(asked).toHaveLength(5)
  },
)

test.each([5 * HOUR, -5 * HOUR])('a clock that jumps by %d ms costs one renewal at most', async (jump) => {
  const { session, call } = await signedIn()
  setClock(jump)
  for (let n = 0; n < 5; n++) {
    await call()
    expect(await session.renew(false)).toBe('ready')
  }
  expect(asked.filter((path) => path === '/auth/v1/token').length).toBeLessThanOrEqual(1)
})
