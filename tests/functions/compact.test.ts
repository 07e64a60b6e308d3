import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import * as Y from 'yjs'
import { compactNow } from '../harness/compaction.ts'
import { makePerson, makeWorkspace, type Person } from '../harness/people.ts'
import { until } from '../harness/until.ts'
import { board, op, openDatabase, push, read, write } from '../sql/log.ts'

const sql = openDatabase()
let owner: Person
let workspace: string

beforeAll(async () => {
  owner = await makePerson()
  workspace = await makeWorkspace(owner)
})
afterAll(() => sql.end())

const { SUPABASE_URL, SUPABASE_SECRET_KEY, SUPABASE_PUBLISHABLE_KEY } = inject('stack')
const ask = (headers: Record<string, string>, body = '{"docs":[]}', method = 'POST') =>
  fetch(`${SUPABASE_URL}/functions/v1/compact`, { method, headers, ...(method === 'GET' ? {} : { body }) })
const snapshotOf = async (doc: string) =>
  Number((await sql`select snapshot_seq from docs where id = ${doc}`)[0]?.['snapshot_seq'])

async function written(name: string, words: string[]) {
  const doc = board(workspace, name)
  const source = new Y.Doc()
  const updates: Uint8Array[] = []
  source.on('update', (update: Uint8Array) => updates.push(update))
  for (const word of words) source.getText('text').insert(source.getText('text').length, word)
  await push(
    owner,
    updates.map((update) => op(doc, update)),
  )
  return doc
}

describe('the function compact', () => {
  test('is called with a secret key and with nothing else', async () => {
    const { data } = await owner.client.auth.getSession()
    const token = `Bearer ${data.session?.access_token}`
    const nobody: Record<string, string>[] = [
      {},
      { apikey: SUPABASE_PUBLISHABLE_KEY },
      { apikey: SUPABASE_PUBLISHABLE_KEY, authorization: token },
      { apikey: `${SUPABASE_SECRET_KEY}x` },
    ]
    for (const headers of nobody) {
      const answer = await ask(headers)
      expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'secret_key_needed' }])
    }
    expect((await ask({ apikey: SUPABASE_SECRET_KEY })).status).toBe(200)
  })

  test.each(['x', '[]x', '{"docs":"all"}', '{"docs":[1]}', `{"docs":[${'"d",'.repeat(100)}"d"]}`])(
    'does nothing about %s',
    async (body) => {
      const answer = await ask({ apikey: SUPABASE_SECRET_KEY }, body)
      expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'bad_request' }])
    },
  )

  test('is asked with POST', async () => {
    expect((await ask({ apikey: SUPABASE_SECRET_KEY }, '', 'GET')).status).toBe(405)
  })

  test('[K2] makes a snapshot of the documents named, and tells numbers and ids of it', async () => {
    const doc = await written('named', ['one ', 'two ', 'three'])
    const report = await compactNow([doc, board(workspace, 'nowhere')])
    expect(report).toEqual({
      compacted: [{ doc, seq: 3, bytes: expect.any(Number) as number }],
      unreadable: [],
      failed: [],
      trimmed: expect.any(Number) as number,
    })
    expect((await read(owner, doc)).doc.getText('text').toJSON()).toBe('one two three')
    expect((await compactNow([doc])).compacted).toEqual([])
  })

  test('[K5] a line that cannot be read is named and left out, and stops no other document', async () => {
    const docs = [await written('bad', ['one ', 'two ', 'three']), await written('good', ['fine'])]
    await sql`update doc_updates set update = ${Buffer.from([1, 2, 3, 250])} where doc_id = ${docs[0] ?? ''} and seq = 3`
    const report = await compactNow(docs)
    expect(report.compacted.map(({ doc, seq }) => [doc, seq])).toEqual([
      [docs[0], 3],
      [docs[1], 1],
    ])
    expect(report.unreadable).toEqual([{ doc: docs[0], seq: 3 }])
    expect(await sql`select seq from private.unreadable_lines where doc_id = ${docs[0] ?? ''}`).toEqual([
      { seq: 3 },
    ])
    expect((await read(owner, docs[0] ?? '')).doc.getText('text').toJSON()).toBe('one two ')
  })

  test('[K5] a document of which no snapshot can be made is left as it is, and stops no other', async () => {
    const docs = [await written('broken', ['one ', 'two']), await written('whole', ['fine'])]
    await compactNow([docs[0] ?? ''])
    await push(owner, [op(docs[0] ?? '', write('three'))])
    await sql`update doc_snapshots set state = ${Buffer.from([1, 2, 3, 250])} where doc_id = ${docs[0] ?? ''}`
    const answer = await ask({ apikey: SUPABASE_SECRET_KEY }, JSON.stringify({ docs }))
    expect(await answer.json()).toMatchObject({
      compacted: [{ doc: docs[1], seq: 1 }],
      failed: [{ doc: docs[0], code: 'unmergeable' }],
    })
    expect(await snapshotOf(docs[0] ?? '')).toBe(2)
  })

  test('[K3] two runs at once do the work of one', async () => {
    const docs = await Promise.all(['r1', 'r2', 'r3', 'r4'].map((name) => written(name, ['one ', 'two'])))
    const reports = await Promise.all([compactNow(docs), compactNow(docs), compactNow(docs)])
    expect(reports.flatMap(({ compacted }) => compacted.map(({ doc }) => doc)).sort()).toEqual(docs)
    for (const doc of docs) expect((await read(owner, doc)).doc.getText('text').toJSON()).toBe('one two')
  })

  test('[K9] the schedule calls it when a document is due', async () => {
    const doc = await written('due', ['one'])
    await sql`
      insert into doc_updates (doc_id, seq, op_id, update, actor_type, created_at)
      select doc_id, n, gen_random_uuid(), update, 'user', created_at
      from doc_updates, generate_series(2, 600) n where doc_id = ${doc}`
    await sql`update docs set head_seq = 600 where id = ${doc}`
    expect(await sql`select schedule from cron.job where jobname = 'tideline compact'`).toHaveLength(1)
    await sql`select private.compact_when_due()`
    expect(
      await until(
        () => snapshotOf(doc),
        (seq) => seq > 0,
      ),
    ).toBe(600)
  })
})

describe('the access of the schedule to functions', () => {
  test('[K9] is from the Vault where settings have none, and without it nothing is called', async () => {
    const tx = await sql.reserve()
    const can = async () => (await tx`select private.can_call_functions() as can`)[0]?.['can']
    await tx`begin`
    try {
      expect(await can()).toBe(true)
      await tx`delete from private.settings where key like 'functions%'`
      expect(await can()).toBe(false)
      await tx`select private.compact_when_due()`
      await tx`create schema vault`
      await tx`create table vault.decrypted_secrets (name text, decrypted_secret text)`
      await tx`insert into vault.decrypted_secrets values
        ('tideline_functions_url', 'https://x.example/functions/v1'), ('tideline_functions_key', 'a.b.c')`
      expect(await can()).toBe(true)
      await tx`select private.call_function('compact')`
      const [request] = await tx`select url, headers from net.http_request_queue order by id desc limit 1`
      expect(request).toMatchObject({
        url: 'https://x.example/functions/v1/compact',
        headers: { apikey: 'a.b.c', Authorization: 'Bearer a.b.c' },
      })
    } finally {
      await tx`rollback`
      tx.release()
    }
  })
})
