import type { SupabaseClient } from '@supabase/supabase-js'
import { describe, expect, test } from 'vitest'
import { toBase64 } from '../base64.ts'
import { makeLogServer } from './log-server.ts'

const { signal } = new AbortController()

const sessionOf = (id: string) => ({ access_token: `token of ${id}`, user: { id } })

/** A client with this session, and that notes what was called under which token. */
function clientOf(held: object, answer: object) {
  const called: string[] = []
  const rpc = (name: string) => ({
    setHeader(_header: string, token: string) {
      called.push(`${name} ${token}`)
      return { abortSignal: async () => ({ data: null, error: null, ...answer }) }
    },
  })
  const client = { rpc, auth: { getSession: async () => held } }
  return { client: client as unknown as Pick<SupabaseClient, 'rpc' | 'auth'>, called }
}

/** A client whose every call gets this answer. */
function answering(answer: {
  data?: unknown
  error?: { code: string; message: string } | null
  status: number
}) {
  return makeLogServer(clientOf({ data: { session: sessionOf('ana') }, error: null }, answer).client, 'ana')
}

/** One line of two bytes. */
const lines = toBase64(Uint8Array.of(...new Uint8Array(16), 0, 0, 0, 2, 0, 0))
const failing = (status: number, code = '') => answering({ status, error: { code, message: 'no' } })
const pull = (server: ReturnType<typeof makeLogServer>) =>
  server.pull(new Map([['ws/x/inbox', { seq: 0, op_id: null }]]), signal)

describe('a call that failed', () => {
  test.each([
    [0, '', 'unreachable'],
    [401, 'PGRST301', 'unauthorised'],
    [403, '42501', 'unauthorised'],
    // [C7] A portal's or proxy's no is not the server's word, and signs nobody out.
    [401, '', 'busy'],
    [403, '', 'busy'],
    [404, 'PGRST202', 'incompatible'],
    [400, 'PT400', 'rejected'],
    [408, '', 'busy'],
    [413, '', 'too-large'],
    // A gateway's, which knows nothing of documents.
    [404, '', 'busy'],
    [429, '', 'busy'],
    [500, '', 'busy'],
    [500, '57014', 'rejected'],
    [503, 'PGRST000', 'busy'],
  ])('with %d %s is %s', async (status, code, reason) => {
    await expect(failing(status, code).push([], signal)).rejects.toMatchObject({
      name: 'LogServerError',
      reason,
    })
    await expect(pull(failing(status, code))).rejects.toMatchObject({ reason })
  })
})

describe('[D6] documents of one person', () => {
  const ok = { status: 200, data: { results: [], docs: {} } }

  test('are pushed and pulled under that person’s token', async () => {
    const { client, called } = clientOf({ data: { session: sessionOf('ana') }, error: null }, ok)
    await makeLogServer(client, 'ana').push([], signal)
    expect(called).toEqual(['push Bearer token of ana'])
  })

  test.each([
    ['another person signed in on this device', sessionOf('bruno'), null, 'unauthorised'],
    ['nobody is signed in', null, null, 'unauthorised'],
    ['the session could not be renewed', null, { name: 'AuthRetryableFetchError' }, 'unreachable'],
  ])('are neither pushed nor pulled once %s', async (_name, session, error, reason) => {
    const { client, called } = clientOf({ data: { session }, error }, ok)
    await expect(makeLogServer(client, 'ana').push([], signal)).rejects.toMatchObject({ reason })
    await expect(pull(makeLogServer(client, 'ana'))).rejects.toMatchObject({ reason })
    expect(called).toEqual([])
  })
})

test('a page of a portal does not fill the log', async () => {
  const failing = answering({ status: 403, error: { code: '', message: '<html>'.repeat(9_999) } })
  const error: unknown = await failing.push([], signal).catch((caught: unknown) => caught)
  expect((error as Error).message.length).toBeLessThanOrEqual(200)
})

test('[C13] a token of the future is the fault of the server’s clocks, and no reason to sign anybody out', async () => {
  const error = { code: 'PGRST303', message: 'JWT issued at future' }
  await expect(pull(answering({ status: 401, error }))).rejects.toMatchObject({ reason: 'busy' })
})

describe('[C16] one answer that cannot be read', () => {
  const good = { epoch: 'e', head: 3, first: 3, lines, more: false }
  const cursor = { seq: 2, op_id: 'o' }
  const ask = async (bad: unknown) => {
    const server = answering({ status: 200, data: { docs: { good, bad } } })
    return await server.pull(
      new Map([
        ['good', cursor],
        ['bad', cursor],
      ]),
      signal,
    )
  }

  test.each([
    ['is missing', undefined],
    ['is a sentence', 'soon'],
    ['has no head', { ...good, head: undefined }],
    ['has half a place for a head', { ...good, head: 2.5 }],
    ['has no lines', { ...good, lines: undefined }],
    ['has lines that are no base64', { ...good, lines: '***' }],
    ['has half a line', { ...good, lines: lines.slice(0, -4) }],
    ['has lines of no place', { ...good, first: '3' }],
    ['has a hole before its lines', { ...good, first: 4 }],
    ['has a snapshot of no size', { ...good, snapshot: { seq: 3, op_id: 'o', state: 'AAA=' } }],
    ['has a snapshot that is none', { ...good, snapshot: 'all' }],
  ])('%s: the other documents get theirs', async (_name, bad) => {
    const answers = await ask(bad)
    expect(answers.get('bad')).toEqual({ error: 'malformed_answer' })
    expect(answers.get('good')).toMatchObject({ head: 3, updates: [{ seq: 3 }] })
  })

  test('the server’s own no to a document stays what it is', async () => {
    expect((await ask({ error: 'not_a_member' })).get('bad')).toEqual({ error: 'not_a_member' })
  })

  test('a result of a push that cannot be read is no result', async () => {
    const accepted = { doc: 'd', op_id: 'o', status: 'accepted', seq: 1, epoch: 'e', duplicate: false }
    const results = [accepted, null, { ...accepted, seq: '1' }, { ...accepted, status: 'maybe' }]
    expect(await answering({ status: 200, data: { results } }).push([], signal)).toEqual([accepted])
  })
})

describe('an answer that is not this server’s', () => {
  test.each([
    ['a page', '<html>Welcome to the hotel</html>'],
    ['nothing', null],
    ['a list', []],
    ['another shape', { docs: [], results: {} }],
    ['a document without a head', { docs: { x: { first: 1, lines: '' } }, results: 'none' }],
    ['lines that are none', { docs: { x: { head: 1, first: 1, lines: '?' } }, results: 1 }],
  ])('%s counts as no answer', async (_name, data) => {
    await expect(pull(answering({ status: 200, data }))).rejects.toMatchObject({ reason: 'unreachable' })
    await expect(answering({ status: 200, data }).push([], signal)).rejects.toMatchObject({
      reason: 'unreachable',
    })
  })
})

describe('[P26] a snapshot in slices', () => {
  const slice = (from: number) => ({ seq: 2, op_id: 'o', size: 4, from, state: 'AQI=' })
  const page = (from: number) => ({
    epoch: 'e',
    head: 2,
    reset: false,
    more: true,
    first: 3,
    lines: '',
    snapshot: slice(from),
  })

  test('is given once it is whole, over as many calls as it takes', async () => {
    const sent: unknown[] = []
    let from = 0
    const rpc = (_name: string, parameters: unknown) => {
      sent.push(parameters)
      const data = { docs: { d: { ...page(from), more: from === 0 } } }
      from += 2
      return { setHeader: () => ({ abortSignal: async () => ({ data, error: null, status: 200 }) }) }
    }
    const auth = { getSession: async () => ({ data: { session: sessionOf('ana') }, error: null }) }
    const server = makeLogServer({ rpc, auth } as never, 'ana')
    const ask = async () => (await server.pull(new Map([['d', { seq: 0, op_id: null }]]), signal)).get('d')
    const first = await ask()
    expect(first).toMatchObject({ arriving: true, more: true, updates: [] })
    expect(first).not.toHaveProperty('snapshot')
    expect(await ask()).toMatchObject({
      more: false,
      snapshot: { seq: 2, op_id: 'o', state: Uint8Array.of(1, 2, 1, 2) },
    })
    const start = { seq: 0, op_id: null }
    expect(sent).toEqual([
      { cursors: { d: start }, packed: true },
      { cursors: { d: { ...start, snapshot: { seq: 2, bytes: 2 } } }, packed: true },
    ])
  })
})
