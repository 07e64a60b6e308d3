/** What the log makes of real HTTP answers: a local server, unmodified supabase-js, and the fetch that notes pauses. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient } from '@supabase/supabase-js'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LogServerError } from '../ports.ts'
import { makeLogServer } from './log-server.ts'
import { notePause } from './named-pause.ts'

let answer: RequestListener = () => {}
const http = createServer((request, response) => answer(request, response))
beforeAll(() => new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise<void>((resolve) => void http.close(() => resolve())))

function server() {
  const { port } = http.address() as AddressInfo
  const client = createClient(`http://127.0.0.1:${port}`, 'sb_publishable_x', {
    auth: { persistSession: false, autoRefreshToken: false },
    // Node 20 has no WebSocket of its own that supabase-js could use.
    realtime: { transport: WebSocket as never },
    global: {
      async fetch(input, init) {
        const response = await fetch(input, init)
        notePause(init?.signal, response)
        return response
      },
    },
  })
  // A session of this person, so that calls go out.
  client.auth.getSession = async () =>
    ({ data: { session: { access_token: 't', user: { id: 'ana' } } }, error: null }) as never // no more is read of it
  return makeLogServer(client, 'ana')
}

const pull = async () => {
  const failure: unknown = await server()
    .pull(new Map([['ws/x/inbox', { seq: 0, op_id: null }]]), new AbortController().signal)
    .then(
      () => null,
      (error: unknown) => error,
    )
  if (failure !== null && !(failure instanceof LogServerError)) throw failure
  return failure
}

const json = 'application/json'
const html = 'text/html'

describe('over the wire', () => {
  test.each([
    ['[C14] the page of a portal', 200, html, '<html>Welcome to the hotel</html>', 'unreachable'],
    ['[C14] a portal that wants a sign-in', 511, html, '<html>Sign in</html>', 'busy'],
    ['[C14] a proxy that blocks', 403, html, '<html>Blocked</html>', 'busy'],
    ['[C14] a gateway that knows no such address', 404, html, '<html>Not found</html>', 'busy'],
    ['[C14] a gateway without a server behind it', 502, html, '<html>Bad gateway</html>', 'busy'],
    ['[C14] an empty answer', 404, html, '', 'unreachable'],
    ['[C14] a server that starts', 503, json, '{"code":"PGRST002","message":"no schema yet"}', 'busy'],
    ['[C14] a call that took too long', 500, json, '{"code":"57014","message":"timeout"}', 'rejected'],
    ['[C7] a token that expired', 401, json, '{"code":"PGRST303","message":"JWT expired"}', 'unauthorised'],
    ['[C8] a function that is gone', 404, json, '{"code":"PGRST202","message":"none"}', 'incompatible'],
    ['[C15] a proxy’s limit', 413, html, '<html>Request Entity Too Large</html>', 'too-large'],
  ])('%s (%d)', async (_name, status, type, body, reason) => {
    answer = (_request, response) => response.writeHead(status, { 'content-type': type }).end(body)
    expect(await pull()).toMatchObject({ name: 'LogServerError', reason })
  })

  test('[C14] a redirect to a portal elsewhere is no answer', async () => {
    answer = (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/login' }).end()
    expect(await pull()).toMatchObject({ reason: 'unreachable' })
  })

  test('[C14] a connection that breaks in the middle is no answer', async () => {
    answer = (request, response) => {
      response.writeHead(200, { 'content-type': json, 'content-length': 500 })
      response.write('{"docs":', () => request.socket.destroy())
    }
    expect(await pull()).toMatchObject({ reason: 'unreachable' })
  })

  const now = Date.parse('2026-03-01T12:00:00Z')
  test.each([
    ['seconds', { 'retry-after': '17' }, 17_000],
    [
      'a date, counted from the server’s own',
      {
        'retry-after': new Date(now + 90_000).toUTCString(),
        date: new Date(now).toUTCString(),
      },
      90_000,
    ],
    ['a day, cut to ten minutes', { 'retry-after': '86400' }, 600_000],
    [
      'a date that is over',
      { 'retry-after': new Date(now - 1_000).toUTCString(), date: new Date(now).toUTCString() },
      null,
    ],
    ['no number', { 'retry-after': 'soon' }, null],
    ['nothing', {}, null],
  ])('[B3] a pause named as %s', async (_name, headers: Record<string, string>, retryAfter) => {
    answer = (_request, response) =>
      response.writeHead(429, { 'content-type': json, ...headers }).end('{"message":"slow down"}')
    expect(await pull()).toMatchObject({ reason: 'busy', retryAfter, answered: '429' })
  })

  test('[C16] one document’s answer that cannot be read leaves the others theirs', async () => {
    const docs = { 'ws/x/inbox': { epoch: 'e', head: 0, first: 1, lines: '', more: false }, other: 'broken' }
    answer = (_request, response) =>
      response.writeHead(200, { 'content-type': json }).end(JSON.stringify({ docs }))
    const start = { seq: 0, op_id: null }
    const answers = await server().pull(
      new Map([
        ['ws/x/inbox', start],
        ['other', start],
      ]),
      new AbortController().signal,
    )
    expect(answers.get('other')).toEqual({ error: 'malformed_answer' })
    expect(answers.get('ws/x/inbox')).toMatchObject({ head: 0 })
  })
})
