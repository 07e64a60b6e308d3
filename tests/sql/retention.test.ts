import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { growOldAndTrim } from '../harness/compaction.ts'
import { makePerson, makeWorkspace, type Person } from '../harness/people.ts'
import { until } from '../harness/until.ts'
import { claimed, finish } from './leases.ts'
import { board, op, openDatabase, pull, push, read, write } from './log.ts'

const sql = openDatabase()
let owner: Person
let workspace: string

beforeAll(async () => {
  owner = await makePerson()
  workspace = await makeWorkspace(owner)
})
afterAll(() => sql.end())

const linesOf = async (doc: string) =>
  (await sql<{ seq: number }[]>`select seq from doc_updates where doc_id = ${doc} order by seq`).map(
    ({ seq }) => seq,
  )
const age = (doc: string, days: number, upTo = 1e9) =>
  sql`update doc_updates set created_at = created_at - make_interval(days => ${days})
    where doc_id = ${doc} and seq <= ${upTo}`

/** Trims until these lines are left of a document, and finds that no more of them goes. */
async function trimmedTo(doc: string, lines: number[]) {
  const trim = async () => {
    await sql`select trim_log()`
    return await linesOf(doc)
  }
  await until(trim, (left) => left.length <= lines.length)
  for (let more = 0; more < 3; more++) expect(await trim()).toEqual(lines)
  return true
}

/** A board with so many lines, all in its snapshot. */
async function compacted(name: string, lines: number, unreadable: number[] = []) {
  const doc = board(workspace, name)
  const ops = Array.from({ length: lines }, () => op(doc))
  await push(owner, ops)
  await finish(await claimed(doc), write('all'), unreadable)
  return { doc, ops }
}

describe('retention', () => {
  test('[K7] lines younger than it stay, whatever snapshot they are behind', async () => {
    const { doc } = await compacted('young', 4)
    await age(doc, 40, 2)
    await age(doc, 29, 4)
    expect(await trimmedTo(doc, [3, 4])).toBe(true)
  })

  test('[K7] lines that no snapshot holds stay, whatever their age', async () => {
    const { doc } = await compacted('behind', 2)
    await push(owner, [op(doc), op(doc)])
    await age(doc, 40)
    await trimmedTo(doc, [3, 4])
    expect((await pull(owner, { [doc]: null }))[doc]).toMatchObject({
      head: 4,
      snapshot: { seq: 2 },
      updates: [{ seq: 3 }, { seq: 4 }],
    })
  })

  test('[K7] is a setting, and never less than a day', async () => {
    const { doc } = await compacted('setting', 2)
    await age(doc, 5)
    await sql.begin(async (tx) => {
      await tx`update private.log_settings set retention = '90 days'`
      await tx`update doc_updates set created_at = created_at - interval '80 days' where doc_id = ${doc}`
      await tx`select trim_log()`
      expect(await tx`select 1 from doc_updates where doc_id = ${doc}`).toHaveLength(2)
      await tx`update private.log_settings set retention = '4 days'`
      for (let calls = 0; calls < 40; calls++) await tx`select trim_log()`
      expect(await tx`select 1 from doc_updates where doc_id = ${doc}`).toHaveLength(0)
      await expect(
        tx.savepoint((inner) => inner`update private.log_settings set retention = '23 hours'`),
      ).rejects.toMatchObject({ code: '23514' })
      await tx`update private.log_settings set retention = '30 days'`
    })
  })

  test('[K5] a line that Yjs throws at stays when those around it go', async () => {
    const { doc } = await compacted('unreadable', 5, [3])
    await age(doc, 40)
    await trimmedTo(doc, [3])
    expect((await read(owner, doc)).doc.getText('text').toJSON()).toBe('all')
  })

  test('[K8] what the bridge has not read stays', async () => {
    const { doc } = await compacted('bridge', 3)
    await push(owner, [op(doc), op(doc)])
    await sql`update docs set projected_seq = 4 where id = ${doc}`
    await finish(await claimed(doc), write('all'))
    await age(doc, 40)
    await trimmedTo(doc, [4, 5])
    await sql`update docs set projected_seq = 5 where id = ${doc}`
    await trimmedTo(doc, [])
    expect(await sql`select seq from doc_snapshots where doc_id = ${doc}`).toEqual([{ seq: 5 }])
  })

  test('[P11] [P15] the log knows every place and op that it ever had, over many chunks', async () => {
    const doc = board(workspace, 'known')
    const ops = Array.from({ length: 5 }, () => op(doc))
    await push(owner, ops)
    await sql`
      insert into doc_updates (doc_id, seq, op_id, update, actor_type, created_at)
      select doc_id, n, gen_random_uuid(), update, 'user', created_at
      from doc_updates, generate_series(6, 9000) n where doc_id = ${doc} and seq = 1`
    await sql`update docs set head_seq = 9000 where id = ${doc}`
    const all = await sql<{ seq: number; op_id: string }[]>`
      select seq, op_id from doc_updates where doc_id = ${doc} order by seq`
    await finish(await claimed(doc), write('all'))
    await growOldAndTrim(sql, doc)
    // And some more, behind a later snapshot.
    const later = [op(doc), op(doc)]
    await push(owner, later)
    await finish(await claimed(doc), write('all'))
    await growOldAndTrim(sql, doc)
    expect(await linesOf(doc)).toEqual([])
    const known = [...all, ...later.map(({ op_id }, n) => ({ seq: 9001 + n, op_id }))]
    const places = await sql`
      select n.seq, private.trimmed_op_at(${doc}, n.seq) as op_id, private.trimmed_seq_of(${doc}, n.op_id) as found
      from unnest(${known.map(({ seq }) => seq)}::bigint[], ${known.map(({ op_id }) => op_id)}::uuid[]) as n (seq, op_id)
      order by n.seq`
    expect(places).toEqual(known.map(({ seq, op_id }) => ({ seq, op_id, found: seq })))
    expect(await push(owner, [ops[3], later[1], op(doc)])).toMatchObject([
      { seq: 4, duplicate: true },
      { seq: 9002, duplicate: true },
      { seq: 9003, duplicate: false },
    ])
  })

  test('[P17] a line that follows a snapshot alone is announced after its op', async () => {
    const { doc, ops } = await compacted('announced', 2)
    await growOldAndTrim(sql, doc)
    await push(owner, [op(doc)])
    const [message] = await sql`
      select payload from realtime.messages where payload ->> 'doc' = ${doc} and payload ->> 'seq' = '3'`
    expect(message?.['payload']).toMatchObject({ after: ops[1]?.op_id })
  })
})
