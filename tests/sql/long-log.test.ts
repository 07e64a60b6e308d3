import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { compactNow } from '../harness/compaction.ts'
import { makePerson, makeWorkspace, type Person } from '../harness/people.ts'
import { claimed, finish } from './leases.ts'
import { board, op, openDatabase, push, read } from './log.ts'

const sql = openDatabase()
let owner: Person
let workspace: string

beforeAll(async () => {
  owner = await makePerson()
  workspace = await makeWorkspace(owner)
})
afterAll(() => sql.end())

describe('a long log', () => {
  /** What a device wrote in as many updates. */
  function edits(count: number) {
    const source = new Y.Doc()
    const updates: Uint8Array[] = []
    source.on('update', (update: Uint8Array) => updates.push(update))
    const rows = source.getMap<Y.Map<unknown>>('tasks')
    for (let n = 0; n < count; n++) {
      source.transact(() => {
        const row = rows.get(`r${n % (count / 2)}`) ?? rows.set(`r${n % (count / 2)}`, new Y.Map())
        row.set('title', `Task ${n}`)
      })
    }
    return { source, updates }
  }

  async function fill(doc: string, updates: readonly Uint8Array[]) {
    await push(owner, [op(doc, updates[0])])
    const rows = updates.slice(1).map((update, n) => ({ seq: n + 2, op_id: randomUUID(), update }))
    for (let at = 0; at < rows.length; at += 5000) {
      const some = rows.slice(at, at + 5000)
      await sql`
        insert into doc_updates (doc_id, seq, op_id, update, actor_type, created_at)
        select ${doc}, n.seq, n.op_id, n.update, 'user', clock_timestamp()
        from unnest(${some.map(({ seq }) => seq)}::bigint[], ${some.map(({ op_id }) => op_id)}::uuid[],
          ${some.map(({ update }) => `\\x${Buffer.from(update).toString('hex')}`)}::text[]::bytea[]) as n (seq, op_id, update)`
    }
    await sql`update docs set head_seq = ${updates.length},
      tail_bytes = ${updates.reduce((sum, update) => sum + update.length, 0)} where id = ${doc}`
  }

  const packedPages = async (doc: string) => {
    const pages: {
      more: boolean
      lines: string
      first: number
      snapshot?: { seq: number; op_id: string }
    }[] = []
    let cursor: unknown = null
    for (let more = true; more;) {
      const { data } = await owner.client.rpc('pull', { cursors: { [doc]: cursor }, packed: true })
      const page = (data as { docs: Record<string, (typeof pages)[number]> }).docs[doc]
      if (!page) throw new Error('no page')
      pages.push(page)
      ;({ more } = page)
      const last = page.first + count(page.lines) - 1
      cursor = { seq: last, op_id: null }
    }
    return pages
  }
  function count(lines: string) {
    const bytes = Buffer.from(lines, 'base64')
    let found = 0
    for (let at = 0; at < bytes.length; found++) at += 20 + bytes.readUInt32BE(at + 16)
    return found
  }

  test(
    '[P25] [K2] of 20,000 lines is two pages, and one once it is compacted',
    { timeout: 60_000 },
    async () => {
      const doc = board(workspace, 'long')
      const { source, updates } = edits(20_000)
      await fill(doc, updates)
      const before = await packedPages(doc)
      expect(before.map((page) => count(page.lines)).reduce((sum, n) => sum + n)).toBe(20_000)
      expect(before.length).toBeLessThanOrEqual(2)

      expect(await compactNow([doc])).toMatchObject({ compacted: [{ doc, seq: 20_000 }], unreadable: [] })
      const [page, ...rest] = await packedPages(doc)
      expect([rest.length, page?.snapshot?.seq, page?.lines]).toEqual([0, 20_000, ''])
      const copy = (await read(owner, doc)).doc
      expect(copy.getMap('tasks').toJSON()).toEqual(source.getMap('tasks').toJSON())
    },
  )

  test('is read by its index, page by page', async () => {
    const doc = board(workspace, 'long')
    for (const name of ['packed_after', 'updates_after']) {
      const [source] = await sql`select prosrc from pg_proc where proname = ${name}`
      const body = String(source?.['prosrc'])
        .replaceAll(/\bdoc\b/g, `'${doc}'`)
        .replaceAll(/\bafter\b/g, '10000')
        .replaceAll(/\bhead\b/g, '20000')
        .replaceAll(/\broom\b/g, '100000')
      const plan = (await sql.unsafe(`explain ${body}`)).map((row) => String(row['QUERY PLAN'])).join('\n')
      expect(plan).toContain('Index Scan using doc_updates_pkey')
      expect(plan).not.toContain('Seq Scan')
    }
  })

  test(
    '[K3] is merged in several runs when it is longer than one may take',
    { timeout: 60_000 },
    async () => {
      const doc = board(workspace, 'longer')
      const [first = new Uint8Array()] = edits(2).updates
      await fill(doc, [first])
      await sql`
      insert into doc_updates (doc_id, seq, op_id, update, actor_type, created_at)
      select doc_id, n, gen_random_uuid(), update, 'user', clock_timestamp()
      from doc_updates, generate_series(2, 20500) n where doc_id = ${doc}`
      await sql`update docs set head_seq = 20500 where id = ${doc}`
      expect((await compactNow([doc])).compacted.map(({ seq }) => seq)).toEqual([20_000, 20_500])
    },
  )
})

test('[P20] whoever reads while snapshots replace each other and lines are trimmed misses nothing', async () => {
  const doc = board(workspace, 'busy')
  const source = new Y.Doc()
  const words = Array.from({ length: 12 }, (_, n) => `${n} `)
  let held = Y.encodeStateVector(source)
  let pushed = ''
  const writer = { isDone: false }
  const readers = Array.from({ length: 3 }, async () => {
    let reads = 0
    while (!writer.isDone) {
      const expected = pushed
      expect((await read(owner, doc)).doc.getText('text').toJSON().startsWith(expected)).toBe(true)
      reads++
    }
    return reads
  })
  for (const word of words) {
    source.getText('text').insert(source.getText('text').length, word)
    await push(owner, [op(doc, Y.encodeStateAsUpdate(source, held))])
    held = Y.encodeStateVector(source)
    pushed += word
    await finish(await claimed(doc), Y.encodeStateAsUpdate(source))
    await sql`update doc_updates set created_at = created_at - interval '40 days' where doc_id = ${doc}`
    await sql`select trim_log()`
  }
  writer.isDone = true
  expect((await Promise.all(readers)).every((reads) => reads > 0)).toBe(true)
  expect((await read(owner, doc)).doc.getText('text').toJSON()).toBe(words.join(''))
})
