import { createHmac, randomUUID } from 'node:crypto'
import { createClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { WebSocket } from 'ws'
import { adminClient, anonymousClient, makePerson, makeWorkspace, type Person } from '../harness/people.ts'
import { base64, board, op, openDatabase, push, read, write } from './log.ts'

// Everything that a stranger, a bug or a bad day can send to the doors of the log: each is a clear error
// with a code, nothing of it is written, nothing dies, and who reads the document later reads it whole.

const sql = openDatabase()
let person: Person
let workspace: string
let doc: string

beforeAll(async () => {
  person = await makePerson()
  workspace = await makeWorkspace(person)
  doc = board(workspace)
  await push(person, [op(doc, write('whole'))])
})
afterAll(() => sql.end())

/** A client that sends this bearer, whatever it is. */
function clientWith(bearer: string) {
  const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY } = inject('stack')
  return createClient(SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, {
    accessToken: async () => bearer,
    realtime: { transport: WebSocket as never },
  })
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
function sign(
  claims: Record<string, unknown>,
  { alg = 'HS256', secret = inject('stack').JWT_SECRET } = {},
): string {
  const body = `${base64url({ alg, typ: 'JWT' })}.${base64url(claims)}`
  return `${body}.${alg === 'none' ? '' : createHmac('sha256', secret).update(body).digest('base64url')}`
}
const inAnHour = () => Math.floor(Date.now() / 1000) + 3600
const claims = (more: Record<string, unknown> = {}) => ({
  sub: person.id,
  role: 'authenticated',
  aud: 'authenticated',
  exp: inAnHour(),
  ...more,
})

describe('who calls', () => {
  test('a wrong password', async () => {
    const { data, error } = await anonymousClient().auth.signInWithPassword({
      email: person.email,
      password: 'wrong',
    })
    expect(error).toMatchObject({ status: 400, code: 'invalid_credentials' })
    expect(data.session).toBeNull()
  })

  test('a good token, so that the bad ones below are bad for their own reasons', async () => {
    expect((await clientWith(sign(claims())).rpc('my_workspaces')).data).toMatchObject([{ id: workspace }])
  })

  test.each<[string, () => string]>([
    ['an expired token', () => sign(claims({ exp: inAnHour() - 7200 }))],
    ['a token of another secret', () => sign(claims(), { secret: 'x'.repeat(40) })],
    ['a token that is not signed', () => sign(claims(), { alg: 'none' })],
    [
      'a token with a changed body',
      () => sign(claims()).replace(/\.[^.]+\./, `.${base64url(claims({ role: 'service_role' }))}.`),
    ],
    ['a malformed bearer', () => 'not-a-token'],
    ['three dots', () => '...'],
    ['a bearer of 100 kB', () => 'x'.repeat(100_000)],
  ])('%s: 401, and neither nobody nor somebody', async (_, bearer) => {
    const client = clientWith(bearer())
    for (const answer of [
      await client.rpc('push', { ops: [op(doc)] }),
      await client.rpc('pull', { cursors: { [doc]: null } }),
      await client.from('workspaces').select(),
      await client.rpc('describe_invitation', { token: 'x' }),
    ]) {
      expect(answer.data).toBeNull()
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
      expect(answer.error).not.toBeNull()
    }
  })

  test('a token that makes itself a service role without the secret', async () => {
    const forged = sign(claims({ role: 'service_role' }), { secret: 'guess' })
    expect((await clientWith(forged).from('docs').select()).data).toBeNull()
  })

  test('nobody, with the publishable key alone: 401 or 403', async () => {
    const { error, status } = await anonymousClient().rpc('push', { ops: [op(doc)] })
    expect(error?.code).toBe('42501')
    expect([401, 403]).toContain(status)
  })

  test('[P6] a foreign document', async () => {
    const other = await makePerson()
    expect(await push(other, [op(doc)])).toMatchObject([{ status: 'refused', code: 'not_a_member' }])
  })
})

describe('what they push', () => {
  const good = base64(write('x'))
  test.each<[string, unknown, string]>([
    ['no bytes', '', 'malformed_update'],
    ['text that is not base64', '!!!', 'malformed_update'],
    ['half a base64 group', 'AAA', 'malformed_update'],
    ['random bytes', Buffer.from('this is not a Yjs update').toString('base64'), 'malformed_update'],
    ['a JPEG', '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsL', 'malformed_update'],
    ['a good update and a byte', `${base64(Buffer.concat([write('x'), Buffer.of(0)]))}`, 'malformed_update'],
    ['a good update without its last byte', base64(write('x').slice(0, -1)), 'malformed_update'],
    ['4 MB of zeros', base64(Buffer.alloc(4 * 1024 * 1024)), 'malformed_update'],
    ['20 MB', base64(Buffer.alloc(20 * 1024 * 1024, 1)), 'too_large'],
    ['a number', 5, 'bad_request'],
    ['null', null, 'bad_request'],
    ['bytes as a list', [1, 2, 3], 'bad_request'],
    ['an object', { 0: 1 }, 'bad_request'],
  ])('[P5] [P7] [P8] %s', async (_, update, code) => {
    expect(await push(person, [{ ...op(doc), update }])).toMatchObject([
      { status: 'refused', code, message: expect.any(String) as string },
    ])
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['an unknown kind', { doc: 'ws/x/secrets' }, 'unknown_document_kind'],
    ['doc: null', { doc: null }, 'bad_request'],
    ['doc: a number', { doc: 7 }, 'bad_request'],
    ['doc: a list', { doc: ['ws/x/inbox'] }, 'bad_request'],
    ['op_id: missing', { op_id: undefined }, 'bad_request'],
    ['op_id: no uuid', { op_id: 'x' }, 'bad_request'],
    ['op_id: upper case', { op_id: randomUUID().toUpperCase() }, 'bad_request'],
    ['op_id: an object', { op_id: {} }, 'bad_request'],
    ['workspace: no uuid', { workspace: 'mine' }, 'bad_request'],
    ['workspace: a number', { workspace: 1 }, 'bad_request'],
    ['anchor: text', { anchor: 'x' }, 'bad_request'],
    ['anchor: a list', { anchor: [] }, 'bad_request'],
    ['anchor: no seq', { anchor: {} }, 'bad_request'],
    ['anchor: a negative seq', { anchor: { seq: -1, op_id: randomUUID() } }, 'bad_request'],
    ['anchor: a seq with a fraction', { anchor: { seq: 1.5, op_id: randomUUID() } }, 'bad_request'],
    ['anchor: a seq beyond everything', { anchor: { seq: 1e300, op_id: randomUUID() } }, 'bad_request'],
    ['anchor: a seq as text', { anchor: { seq: '1', op_id: randomUUID() } }, 'bad_request'],
    ['anchor: no uuid', { anchor: { seq: 1, op_id: 'x' } }, 'bad_request'],
    ['client_ids: a number', { client_ids: 5 }, 'bad_request'],
    ['client_ids: texts', { client_ids: ['1'] }, 'bad_request'],
    ['client_ids: negative', { client_ids: [-1] }, 'bad_request'],
    ['client_ids: fractions', { client_ids: [0.5] }, 'bad_request'],
    ['client_ids: beyond 2^53', { client_ids: [2 ** 60] }, 'bad_request'],
    [
      'client_ids: 10,000 of them',
      { client_ids: Array.from({ length: 10_000 }, (_, n) => n) },
      'bad_request',
    ],
  ])('[P5] %s', async (_, wrong, code) => {
    expect(await push(person, [{ ...op(doc), update: good, ...wrong }])).toMatchObject([
      { status: 'refused', code },
    ])
  })

  test('[P5] things that are no ops stand beside good ones', async () => {
    const other = board(workspace, 'beside')
    const results = await push(person, [null, 5, 'x', [], {}, true])
    expect(results.map(({ code }) => code)).toEqual(results.map(() => 'bad_request'))
    expect(await sql`select 1 from docs where id = ${other}`).toHaveLength(0)
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['an object', { doc: 1 }],
    ['text', 'ops'],
    ['a number', 1],
    ['10,000 ops', Array.from({ length: 10_000 }, () => ({}))],
  ])('[P4] a call of %s is an error of the whole call', async (_, ops) => {
    const { error, status } = await person.client.rpc('push', { ops })
    expect([status, error?.details]).toEqual([400, 'bad_request'])
  })

  test('[P4] no ops at all are no error', async () => {
    expect(await push(person, [])).toEqual([])
  })

  test('[P4] a missing and an unknown argument', async () => {
    for (const args of [{}, { op: [] }, { ops: [], more: 1 }]) {
      const { error, status } = await person.client.rpc('push', args)
      expect(error).not.toBeNull()
      expect([400, 404]).toContain(status)
    }
  })

  test('a body that is not JSON', async () => {
    const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY } = inject('stack')
    const response = await fetch(`${SUPABASE_URL}/rest/v1/rpc/push`, {
      method: 'POST',
      headers: {
        apikey: SUPABASE_PUBLISHABLE_KEY,
        authorization: `Bearer ${sign(claims())}`,
        'content-type': 'application/json',
      },
      body: '{"ops": [',
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: expect.any(String) as string })
  })
})

describe('what they ask for', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['text', 'x'],
    ['a number', 7],
  ])('[P18] cursors as %s', async (_, cursors) => {
    const { error, status } = await person.client.rpc('pull', { cursors })
    expect([status, error?.details]).toEqual([400, 'bad_request'])
  })

  test.each<[string, unknown]>([
    ['text', 'x'],
    ['a list', [1]],
    ['no seq', {}],
    ['a negative seq', { seq: -1, op_id: null }],
    ['a fraction', { seq: 0.5, op_id: null }],
    ['a seq beyond everything', { seq: 1e300, op_id: null }],
    ['no uuid', { seq: 1, op_id: 'x' }],
    ['a number for a uuid', { seq: 1, op_id: 1 }],
  ])('[P18] a cursor with %s', async (_, cursor) => {
    const { data } = await person.client.rpc('pull', { cursors: { [doc]: cursor } })
    expect(data).toEqual({ docs: { [doc]: { error: 'bad_request' } } })
  })

  test('pages of a wrong size', async () => {
    for (const max_bytes of ['x', 1.5, 1e12, {}]) {
      const { error, status } = await person.client.rpc('pull', { cursors: {}, max_bytes })
      expect(error).not.toBeNull()
      expect(status).toBe(400)
    }
  })
})

test('the log refuses nonsense from its own administrators too', async () => {
  const admin = adminClient()
  const wrong = [
    await admin.from('docs').insert({ id: `${doc}x`, workspace_id: workspace, kind: 'secrets' }),
    await admin.from('doc_updates').insert({
      doc_id: doc,
      seq: -1,
      op_id: randomUUID(),
      update: '\\x',
      actor_type: 'user',
      created_at: 'now',
    }),
    await admin.from('doc_updates').insert({
      doc_id: doc,
      seq: 1,
      op_id: randomUUID(),
      update: '\\x',
      actor_type: 'user',
      created_at: 'now',
    }),
    await admin.from('memberships').insert({ workspace_id: workspace, user_id: person.id, role: 'god' }),
  ]
  expect(wrong.map(({ error }) => error?.code)).toEqual(['23514', '23514', '23505', '23514'])
})

test('after all of this the stack lives, the log holds what was good, and a device reads it', async () => {
  const { SUPABASE_URL } = inject('stack')
  expect((await fetch(`${SUPABASE_URL}/healthz`)).ok).toBe(true)
  expect((await read(person, doc)).doc.getText('text').toJSON()).toBe('whole')
  const lines = await sql`select doc_id from doc_updates where doc_id like ${`ws/${workspace}/%`}`
  expect(lines).toEqual([{ doc_id: doc }])
})
