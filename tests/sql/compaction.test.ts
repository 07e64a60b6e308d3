import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makePerson, makeWorkspace, type Person } from '../harness/people.ts'
import { call, claim, claimed, finish } from './leases.ts'
import { base64, board, op, openDatabase, pull, push, write } from './log.ts'

const sql = openDatabase()
let owner: Person
let workspace: string

beforeAll(async () => {
  owner = await makePerson()
  workspace = await makeWorkspace(owner)
})
afterAll(() => sql.end())

/** A board with these words, each an update of its own. */
async function written(name: string, words: string[]) {
  const doc = board(workspace, name)
  await push(
    owner,
    words.map((word) => op(doc, write(word))),
  )
  return doc
}

const rowOf = async (doc: string) =>
  (await sql`select epoch, head_seq, snapshot_seq, tail_bytes, snapshot_bytes from docs where id = ${doc}`)[0]
const snapshotsOf = async (doc: string) =>
  (await sql<{ seq: number }[]>`select seq from doc_snapshots where doc_id = ${doc} order by seq`).map(
    ({ seq }) => seq,
  )

describe('which document is due', () => {
  const due = async (lines: number, bytes: number, snapshotBytes: number) =>
    (
      await sql`select private.is_due(${lines}, ${bytes}, ${snapshotBytes}, s) as due from private.log_settings s`
    )[0]?.['due']

  test.each([
    [499, 1000, 0, false],
    [500, 1000, 0, true],
    [10, 256 * 1024, 0, true],
    // A large snapshot waits for a tail that is worth writing it again.
    [500, 1000, 5_000_000, false],
    [500, 700_000, 5_000_000, true],
    [4000, 1000, 5_000_000, true],
  ])('[K1] %i lines of %i bytes behind a snapshot of %i: %s', async (lines, bytes, snapshot, is) => {
    expect(await due(lines, bytes, snapshot)).toBe(is)
  })

  test('[K1] the tail is counted by every push and begins anew with a snapshot', async () => {
    const doc = board(workspace, 'counted')
    const [one, two, three] = ['one', 'two', 'three'].map((word) => write(word))
    await push(owner, [op(doc, one), op(doc, two)])
    const size = Number(one?.length) + Number(two?.length)
    expect(await rowOf(doc)).toMatchObject({ tail_bytes: size, snapshot_bytes: 0 })
    const job = await claimed(doc)
    await push(owner, [op(doc, three)])
    const state = write('all of it')
    await finish(job, state)
    expect(await rowOf(doc)).toMatchObject({
      snapshot_seq: 2,
      head_seq: 3,
      tail_bytes: three?.length,
      snapshot_bytes: state.length,
    })
  })

  test('[K1] a document without a tail, and one that is not there, are not lent', async () => {
    const doc = await written('done', ['x'])
    await finish(await claimed(doc))
    expect(await claim(doc, board(workspace, 'nowhere'))).toBeNull()
  })
})

describe('a document that is lent', () => {
  test('[K3] is lent to one of many who ask at once', async () => {
    const docs = await Promise.all(['l1', 'l2', 'l3'].map((name) => written(name, ['x'])))
    const jobs = await Promise.all(Array.from({ length: 9 }, () => claim(...docs)))
    const lent = jobs.filter((job) => job !== null).map(({ doc }) => doc)
    expect(lent.sort()).toEqual(docs)
  })

  test('[K3] and never given back is lent again later, and later each time', async () => {
    const doc = await written('again', ['x'])
    const first = await claimed(doc)
    let last = first
    const minutes: number[] = []
    for (let time = 0; time < 4; time++) {
      expect(await claim(doc)).toBeNull()
      const [row] = await sql`
        select round(extract(epoch from leased_until - clock_timestamp()) / 60)::int as minutes
        from private.compactions where doc_id = ${doc}`
      minutes.push(Number(row?.['minutes']))
      await sql`update private.compactions set leased_until = now() - interval '1 second' where doc_id = ${doc}`
      last = await claimed(doc)
    }
    expect(minutes).toEqual([5, 10, 20, 40])
    await expect(finish(first)).rejects.toMatchObject({ details: 'lease_lost' })
    expect(await snapshotsOf(doc)).toEqual([])
    await finish(last)
    expect(await snapshotsOf(doc)).toEqual([1])
  })

  test('[K4] takes pushes meanwhile, which follow the snapshot', async () => {
    const doc = await written('meanwhile', ['one', 'two'])
    const job = await claimed(doc)
    const [pushed] = await push(owner, [op(doc, write('three'))])
    await finish(job)
    expect((await pull(owner, { [doc]: null }))[doc]).toMatchObject({
      epoch: pushed?.epoch,
      head: 3,
      snapshot: { seq: 2 },
      updates: [{ seq: 3 }],
    })
  })

  test('[K4] takes pushes while a snapshot is being written', async () => {
    const doc = await written('writing', ['one'])
    await sql.begin(async (tx) => {
      // As far as write_compaction comes before it takes the row: all that is large.
      await tx`insert into doc_snapshots (doc_id, seq, op_id, state)
        select doc_id, seq, op_id, ${Buffer.alloc(1000)} from doc_updates where doc_id = ${doc}`
      expect(await push(owner, [op(doc)])).toMatchObject([{ status: 'accepted', seq: 2 }])
      await tx`delete from doc_snapshots where doc_id = ${doc}`
    })
  })

  test.each<[string, (doc: string) => Promise<unknown>]>([
    ['a new epoch was taken', (doc) => sql`update docs set epoch = gen_random_uuid() where id = ${doc}`],
    [
      'the server was restored from an older backup',
      async (doc) => {
        await sql`delete from doc_updates where doc_id = ${doc} and seq = 3`
        await sql`update docs set head_seq = 2 where id = ${doc}`
      },
    ],
    [
      'and went another way since',
      async (doc) => {
        await sql`delete from doc_updates where doc_id = ${doc} and seq = 3`
        await sql`update docs set head_seq = 2 where id = ${doc}`
        await push(owner, [op(doc)])
      },
    ],
    [
      'and took the same op at the same place again, on other lines',
      async (doc) => {
        const [last] = await sql`select op_id from doc_updates where doc_id = ${doc} and seq = 3`
        await sql`delete from doc_updates where doc_id = ${doc} and seq > 1`
        await sql`update docs set head_seq = 1 where id = ${doc}`
        await push(owner, [op(doc), op(doc, write('three'), { op_id: String(last?.['op_id']) })])
      },
    ],
    [
      'somebody else was faster',
      async (doc) => {
        await sql`update docs set snapshot_seq = 1 where id = ${doc}`
      },
    ],
  ])('[K4] whose log changed takes no snapshot: %s', async (_, change) => {
    const doc = await written(`changed-${randomUUID().slice(0, 8)}`, ['one', 'two', 'three'])
    const job = await claimed(doc)
    await change(doc)
    const before = await rowOf(doc)
    await expect(finish(job)).rejects.toMatchObject({ code: 'PT409', details: 'log_changed' })
    expect(await rowOf(doc)).toEqual(before)
    expect(await snapshotsOf(doc)).toEqual([])
  })

  test('[K4] takes a snapshot in parts, whole or not at all', async () => {
    const doc = await written('parts', ['x'])
    const { lease } = await claimed(doc)
    const part = (number: number, text: string, is_last = false) =>
      call('write_compaction', { lease, part: number, bytes: base64(Buffer.from(text)), is_last })
    await part(0, 'one ')
    await expect(part(2, 'three', true)).rejects.toMatchObject({ details: 'bad_request' })
    await part(1, 'two ')
    await part(1, 'TWO ')
    expect(await part(2, 'three', true)).toEqual({ written: true, seq: 1 })
    const [row] = await sql`select state from doc_snapshots where doc_id = ${doc}`
    expect(String(row?.['state'])).toBe('one TWO three')
    expect(await sql`select 1 from private.compaction_parts where lease = ${lease}`).toHaveLength(0)
  })

  test('[K2] the snapshot before goes when its successor is there', async () => {
    const doc = await written('successor', ['one'])
    await finish(await claimed(doc))
    await push(owner, [op(doc)])
    await finish(await claimed(doc))
    expect(await snapshotsOf(doc)).toEqual([2])
  })

  test('[K8] the snapshot that the bridge can start from stays', async () => {
    const doc = await written('bridge', ['one', 'two'])
    await sql`update docs set projected_seq = 2 where id = ${doc}`
    await finish(await claimed(doc))
    for (const expected of [
      [2, 3],
      [2, 3, 4],
    ]) {
      await push(owner, [op(doc)])
      await finish(await claimed(doc))
      expect(await snapshotsOf(doc)).toEqual(expected)
    }
    await sql`update docs set projected_seq = 3 where id = ${doc}`
    await push(owner, [op(doc)])
    await finish(await claimed(doc))
    expect(await snapshotsOf(doc)).toEqual([3, 4, 5])
  })
})
