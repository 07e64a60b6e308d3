import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { addMember, makePerson, makeWorkspace, type Person } from '../harness/people.ts'
import { base64, board, conversation, op, openDatabase, pull, push, read, write } from './log.ts'

const sql = openDatabase()
let owner: Person
let viewer: Person
let workspace: string

beforeAll(async () => {
  ;[owner, viewer] = await Promise.all([makePerson(), makePerson()])
  workspace = await makeWorkspace(owner)
  await addMember(workspace, viewer, 'viewer')
})
afterAll(() => sql.end())

/** Pushes an edit per word and returns the ops and the document that they make. */
async function pushWords(doc: string, words: string[]) {
  const source = new Y.Doc()
  const updates: Uint8Array[] = []
  source.on('update', (update: Uint8Array) => updates.push(update))
  for (const word of words) source.getText('text').insert(source.getText('text').length, word)
  const ops = updates.map((update) => op(doc, update))
  await push(owner, ops)
  return { ops, source }
}

/** What compaction does: a snapshot at `seq`, and the lines behind it gone. */
async function compact(doc: string, seq: number, state: Uint8Array, keep = false) {
  await sql`insert into doc_snapshots (doc_id, seq, op_id, state)
    select doc_id, seq, op_id, decode(${base64(state)}, 'base64') from doc_updates where doc_id = ${doc} and seq = ${seq}`
  await sql`update docs set snapshot_seq = ${seq} where id = ${doc}`
  if (!keep) await sql`delete from doc_updates where doc_id = ${doc} and seq <= ${seq}`
}

describe('many documents in one call', () => {
  test('[P18] each gets an answer of its own', async () => {
    const doc = board(workspace, 'p18')
    const stranger = await makePerson()
    const foreign = board(await makeWorkspace(stranger))
    await push(stranger, [op(foreign)])
    await push(owner, [op(doc)])
    const answers = await pull(owner, {
      [doc]: { seq: 0, op_id: null },
      [`ws/${workspace}/fleet`]: null,
      [`ws/${workspace}/inbox`]: { seq: -1 },
      [foreign]: null,
      [conversation()]: null,
      nonsense: null,
    })
    expect(
      Object.values(answers)
        .map((page) => page.error ?? page.head)
        .sort(),
    ).toEqual([0, 1, 'bad_request', 'not_a_member', 'not_a_member', 'unknown_document_kind'])
  })

  test('[P19] a document that is not there yet is an empty one, and is not made by looking', async () => {
    const doc = board(workspace, 'p19')
    expect(await pull(viewer, { [doc]: { seq: 0, op_id: null } })).toEqual({
      [doc]: { epoch: null, head: 0, reset: false, updates: [], more: false },
    })
    expect(await pull(viewer, { [doc]: { seq: 4, op_id: randomUUID() } })).toMatchObject({
      [doc]: { epoch: null, reset: true },
    })
    expect(await sql`select 1 from docs where id = ${doc}`).toHaveLength(0)
  })

  test('[P18] 500 documents go, 501 do not', async () => {
    const cursors = Object.fromEntries(
      Array.from({ length: 501 }, (_, n) => [board(workspace, `n-${n}`), null]),
    )
    await expect(pull(owner, cursors)).rejects.toMatchObject({ code: 'PT400', details: 'bad_request' })
    delete cursors[board(workspace, 'n-0')]
    expect(Object.keys(await pull(owner, cursors))).toHaveLength(500)
  })
})

describe('pages', () => {
  test('[P20] after the cursor, in order, with the head', async () => {
    const doc = board(workspace, 'p20')
    const { ops } = await pushWords(doc, ['a', 'b', 'c', 'd'])
    const page = (await pull(viewer, { [doc]: { seq: 2, op_id: ops[1]?.op_id } }))[doc]
    expect(page).toMatchObject({ head: 4, more: false, reset: false })
    expect(page?.updates.map(({ seq, op_id, author }) => [seq, op_id, author])).toEqual([
      [3, ops[2]?.op_id, owner.id],
      [4, ops[3]?.op_id, owner.id],
    ])
    expect(page?.updates[0]?.at).toMatch(/^\d{4}-\d\d-\d\dT/)
    const current = (await pull(viewer, { [doc]: { seq: 4, op_id: ops[3]?.op_id } }))[doc]
    expect(current).toMatchObject({ head: 4, updates: [], more: false, reset: false })
  })

  test.each([1, 40, 200, 10_000_000])('[P21] of %i bytes bring everything', async (maxBytes) => {
    const doc = board(workspace, `p21-${maxBytes}`)
    const { source } = await pushWords(
      doc,
      Array.from({ length: 12 }, (_, n) => `${n} `),
    )
    const copy = await read(viewer, doc, maxBytes)
    expect(copy.doc.getText('text').toJSON()).toBe(source.getText('text').toJSON())
    expect(copy.pages).toBe(maxBytes === 1 ? 12 : maxBytes > 500 ? 1 : copy.pages)
  })

  test('[P21] every document brings something, however little was asked for', async () => {
    const docs = ['x', 'y', 'z'].map((name) => board(workspace, `p21-${name}`))
    await push(
      owner,
      docs.flatMap((doc) => [op(doc), op(doc)]),
    )
    const answers = await pull(owner, Object.fromEntries(docs.map((doc) => [doc, null])), 1)
    expect(docs.map((doc) => [answers[doc]?.updates.length, answers[doc]?.more])).toEqual(
      docs.map(() => [1, true]),
    )
  })

  test('[P21] a full page leaves documents for the next one, and ends', { timeout: 60_000 }, async () => {
    const docs = Array.from({ length: 7 }, (_, n) => board(workspace, `full-${n}`))
    const large = write('x'.repeat(3_900_000))
    await push(owner, [op(docs[0] ?? '', large), ...docs.slice(1).map((doc) => op(doc))])
    await sql`update doc_updates set update = (select update from doc_updates where doc_id = ${docs[0] ?? ''})
      where doc_id = any(${docs.slice(1)})`
    const cursors: Record<string, unknown> = Object.fromEntries(docs.map((doc) => [doc, null]))
    const seen: string[] = []
    for (let pages = 0; Object.keys(cursors).length > 0; pages++) {
      expect(pages).toBeLessThan(8)
      for (const [doc, page] of Object.entries(await pull(owner, cursors, 1_000_000))) {
        if (page.updates.length > 0) seen.push(doc)
        if (!page.more) delete cursors[doc]
      }
    }
    expect(seen.sort()).toEqual(docs)
  })

  test.each([null, 0, -5, 2_000_000_000])(
    '[P21] max_bytes %s is taken as a sensible one',
    async (maxBytes) => {
      const doc = board(workspace, `sensible${maxBytes}`.replace('-', ''))
      await push(owner, [op(doc)])
      const { data } = await owner.client.rpc('pull', { cursors: { [doc]: null }, max_bytes: maxBytes })
      expect(data).toMatchObject({ docs: { [doc]: { updates: [{ seq: 1 }] } } })
    },
  )
})

describe('snapshots', () => {
  test('[P23] whose lines are gone come first, and carry a whole cursor', async () => {
    const doc = board(workspace, 'p23')
    const { ops, source } = await pushWords(doc, ['a', 'b', 'c'])
    await compact(doc, 3, Y.encodeStateAsUpdate(source))
    source.getText('text').insert(3, 'd')
    const last = op(doc, Y.encodeStateAsUpdate(source))
    await push(owner, [last])

    const page = (await pull(viewer, { [doc]: { seq: 0, op_id: null } }))[doc]
    expect(page?.snapshot).toMatchObject({ seq: 3, op_id: ops[2]?.op_id })
    expect(page?.updates.map((update) => update.seq)).toEqual([4])
    expect((await read(viewer, doc)).doc.getText('text').toJSON()).toBe('abcd')

    // A device with the cursor that the snapshot gave it, and one that was in the middle of what is gone.
    const known = await pull(viewer, { [doc]: { seq: 3, op_id: ops[2]?.op_id } })
    expect(known[doc]).toMatchObject({ reset: false, updates: [{ seq: 4 }] })
    expect(known[doc]).not.toHaveProperty('snapshot')
    const behind = await pull(viewer, { [doc]: { seq: 2, op_id: ops[1]?.op_id } })
    expect(behind[doc]).toMatchObject({ reset: false, snapshot: { seq: 3 }, updates: [{ seq: 4 }] })
  })

  test('[P15] a device that was away while its lines were compacted still pushes', async () => {
    const doc = board(workspace, 'p15')
    const { ops, source } = await pushWords(doc, ['a', 'b', 'c'])
    await compact(doc, 3, Y.encodeStateAsUpdate(source))
    const anchored = (seq: number, op_id: string | undefined) =>
      op(doc, write('x'), { anchor: { seq, op_id } })
    expect(await push(owner, [anchored(2, ops[1]?.op_id)])).toMatchObject([{ status: 'accepted', seq: 4 }])
    expect(await push(owner, [anchored(3, randomUUID())])).toMatchObject([{ code: 'anchor_lost' }])
  })

  test('[P23] larger than what the device lacks are left aside', async () => {
    const doc = board(workspace, 'p23-small')
    const { ops, source } = await pushWords(doc, ['a'.repeat(5000), 'b', 'c'])
    await compact(doc, 3, Y.encodeStateAsUpdate(source), true)
    const near = (await pull(viewer, { [doc]: { seq: 2, op_id: ops[1]?.op_id } }))[doc]
    expect(near).not.toHaveProperty('snapshot')
    expect(near?.updates.map((update) => update.seq)).toEqual([3])
    const far = (await pull(viewer, { [doc]: null }))[doc]
    expect(far).toMatchObject({ snapshot: { seq: 3 }, updates: [], more: false })
  })

  test('[P22] a cursor ahead of the server starts over from the snapshot', async () => {
    const doc = board(workspace, 'p22')
    const { source } = await pushWords(doc, ['a', 'b'])
    await compact(doc, 2, Y.encodeStateAsUpdate(source))
    const page = (await pull(viewer, { [doc]: { seq: 9, op_id: randomUUID() } }))[doc]
    expect(page).toMatchObject({ reset: true, head: 2, snapshot: { seq: 2 }, updates: [], more: false })
  })
})
