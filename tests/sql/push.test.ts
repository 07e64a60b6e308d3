import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { addMember, makePerson, makeWorkspace, type Person } from '../harness/people.ts'
import { base64, board, conversation, op, openDatabase, pull, push, read, write } from './log.ts'

const sql = openDatabase()
let owner: Person
let agent: Person
let viewer: Person
let stranger: Person
let workspace: string

beforeAll(async () => {
  ;[owner, agent, viewer, stranger] = await Promise.all([
    makePerson(),
    makePerson(),
    makePerson(),
    makePerson(),
  ])
  workspace = await makeWorkspace(owner)
  await addMember(workspace, agent, 'agent')
  await addMember(workspace, viewer, 'viewer')
})
afterAll(() => sql.end())

const codes = (results: { code?: string; status: string }[]) => results.map((r) => r.code ?? r.status)
const linesOf = async (doc: string) =>
  sql<{ seq: number; author: string; client_id: number | null; actor_type: string; created_at: Date }[]>`
    select seq, author, client_id, actor_type, created_at from doc_updates where doc_id = ${doc} order by seq`

describe('ids of documents', () => {
  test('[P1] every kind is known by its id', async () => {
    const talk = conversation()
    const ids = {
      [`ws/${workspace}/directory`]: 'directory',
      [`ws/${workspace}/inbox`]: 'inbox',
      [`ws/${workspace}/fleet`]: 'fleet',
      [board(workspace, 'a-1')]: 'board',
      [`${board(workspace, 'a-1')}/archive/2026`]: 'archive',
      [`ws/${workspace}/metrics/2026-12`]: 'metrics',
      [talk]: 'conversation',
      [`${talk}/notes`]: 'notes',
    }
    const results = await push(
      owner,
      Object.keys(ids).map((doc) => op(doc, write('x'), { workspace })),
    )
    expect(codes(results)).toEqual(results.map(() => 'accepted'))
    const rows = await sql`select id, kind from docs where id = any(${Object.keys(ids)})`
    expect(Object.fromEntries(rows.map((row) => [row['id'], row['kind']]))).toEqual(ids)
  })

  test.each([
    '',
    'ws',
    'nonsense',
    'ws/not-a-uuid/inbox',
    'ws/WORKSPACE/inbox',
    'ws/workspace/outbox',
    'ws/workspace/board/',
    'ws/workspace/board/Ação',
    'ws/workspace/board/a/b',
    `ws/workspace/board/${'a'.repeat(65)}`,
    'ws/workspace/board/a/archive/26',
    'ws/workspace/metrics/2026-13',
    'ws/workspace/inbox\n',
    'ws/workspace/inbox/',
    'conv/01ARZ3NDEKTSV4RRFFQ69G5FAU',
    'conv/01arz3ndektsv4rrffq69g5fav',
    'conv/81ARZ3NDEKTSV4RRFFQ69G5FAV',
    'conv/01ARZ3NDEKTSV4RRFFQ69G5FAV/secrets',
    `ws/workspace/${'a'.repeat(100_000)}`,
  ])('[P1] %j is no document', async (id) => {
    const doc = id.replace('workspace', workspace).replace('WORKSPACE', workspace.toUpperCase())
    expect(codes(await push(owner, [op(doc)]))).toEqual(['unknown_document_kind'])
    expect(await pull(owner, { [doc]: { seq: 0 } })).toMatchObject({
      [doc]: { error: 'unknown_document_kind' },
    })
  })

  test('[P2] a refused op makes no document', async () => {
    const doc = board(workspace, 'never')
    expect(codes(await push(owner, [op(doc, 'AAAA')]))).toEqual(['malformed_update'])
    expect(codes(await push(viewer, [op(doc)]))).toEqual(['read_only'])
    expect(await pull(owner, { [doc]: null })).toMatchObject({ [doc]: { epoch: null, head: 0 } })
    expect(await sql`select 1 from docs where id = ${doc}`).toHaveLength(0)
  })

  test('[P3] a conversation and its notes stay in the workspace that made either', async () => {
    const talk = conversation()
    const other = await makeWorkspace(stranger)
    expect(codes(await push(owner, [op(`${talk}/notes`, write('n'), { workspace })]))).toEqual(['accepted'])
    for (const doc of [talk, `${talk}/notes`]) {
      expect(codes(await push(stranger, [op(doc, write('x'), { workspace: other })]))).toEqual([
        'not_a_member',
      ])
      expect(await pull(stranger, { [doc]: null })).toMatchObject({ [doc]: { error: 'not_a_member' } })
    }
    // The workspace is known now, whatever the op says.
    expect(codes(await push(agent, [op(talk, write('x'), { workspace: other })]))).toEqual(['accepted'])
    expect(await sql`select distinct workspace_id from docs where id like ${`${talk}%`}`).toEqual([
      { workspace_id: workspace },
    ])
  })

  test('[P3] [P6] a conversation that nobody has made needs a workspace of the caller', async () => {
    const ops = [op(conversation()), op(conversation(), write('x'), { workspace: randomUUID() })]
    expect(codes(await push(owner, ops))).toEqual(['not_a_member', 'not_a_member'])
  })
})

describe('one op after the other', () => {
  test('[P10] [P20] what is pushed is what is pulled, in order', async () => {
    const doc = board(workspace, 'order')
    const source = new Y.Doc()
    const updates: Uint8Array[] = []
    source.on('update', (update: Uint8Array) => updates.push(update))
    for (const word of ['one ', 'two ', 'três ', '🌊'])
      source.getText('text').insert(source.getText('text').length, word)
    const results = await push(
      owner,
      updates.map((update) => op(doc, update)),
    )
    expect(results.map((r) => [r.status, r.seq, r.duplicate])).toEqual(
      [1, 2, 3, 4].map((n) => ['accepted', n, false]),
    )
    const copy = await read(agent, doc)
    expect(copy.doc.getText('text').toJSON()).toBe('one two três 🌊')
  })

  test('[P9] after a refused op the later ones of its document wait, the others do not', async () => {
    const [a, b] = [board(workspace, 'p9-a'), board(workspace, 'p9-b')]
    const results = await push(owner, [op(a), op(a, 'AAAA'), op(b), op(a), op(b)])
    expect(codes(results)).toEqual(['accepted', 'malformed_update', 'accepted', 'after_refused', 'accepted'])
    expect(await linesOf(a)).toHaveLength(1)
    expect(await linesOf(b)).toHaveLength(2)
  })

  test('[P11] a repeated op is stored once, in another call and in the same one', async () => {
    const doc = board(workspace, 'p11')
    const [first, second] = [op(doc), op(doc)]
    await push(owner, [first])
    const results = await push(owner, [second, first, second])
    expect(results.map((r) => [r.seq, r.duplicate])).toEqual([
      [2, false],
      [1, true],
      [2, true],
    ])
    expect(await linesOf(doc)).toHaveLength(2)
  })

  test('[P12] author, kind of actor and time are the server’s word', async () => {
    const doc = board(workspace, 'p12')
    const forged = { author: stranger.id, actor_type: 'system', created_at: '1999-01-01', seq: 99 }
    await push(agent, [{ ...op(doc), ...forged }])
    const [line] = await linesOf(doc)
    expect(line).toMatchObject({ seq: 1, author: agent.id, actor_type: 'user' })
    expect(Math.abs(Date.now() - (line?.created_at.getTime() ?? 0))).toBeLessThan(60_000)
  })

  test('[P16] a client id belongs to who pushed it first, and is never stolen', async () => {
    const doc = board(workspace, 'p16')
    const id = 4_000_000_001
    await push(owner, [op(doc, write('a', id), { client_ids: [id, 17] })])
    await push(agent, [op(doc, write('b', 18), { client_ids: [id, 18] })])
    await push(agent, [op(doc, write('c', 19), { client_ids: [19] })])
    expect((await linesOf(doc)).map((line) => line.client_id)).toEqual([id, null, 19])
    expect(
      await sql`select client_id, user_id from doc_clients where workspace_id = ${workspace}
        and client_id in (17, 18, 19, ${id}) order by client_id`,
    ).toEqual([
      { client_id: 17, user_id: owner.id },
      { client_id: 18, user_id: agent.id },
      { client_id: 19, user_id: agent.id },
      { client_id: id, user_id: owner.id },
    ])
  })

  test('[P16] the same client id in another workspace is somebody else’s', async () => {
    const other = await makeWorkspace(stranger)
    await push(owner, [op(board(workspace, 'p16b'), write('a'), { client_ids: [23] })])
    await push(stranger, [op(board(other), write('a'), { client_ids: [23] })])
    expect((await linesOf(board(other))).map((line) => line.client_id)).toEqual([23])
  })
})

describe('anchors', () => {
  test('[P14] a known pair is accepted, whoever stored it', async () => {
    const doc = board(workspace, 'anchor')
    const first = op(doc)
    await push(owner, [first])
    const anchor = { seq: 1, op_id: first.op_id }
    expect(
      codes(await push(agent, [op(doc, write('b'), { anchor }), op(doc, write('c'), { anchor })])),
    ).toEqual(['accepted', 'accepted'])
    expect(codes(await push(agent, [op(doc, write('d'), { anchor: { seq: 0, op_id: null } })]))).toEqual([
      'accepted',
    ])
  })

  test('[P14] [P22] a server restored from an older backup takes a new epoch, and nothing is lost', async () => {
    const doc = board(workspace, 'restored')
    const device = new Y.Doc()
    device.getText('text').insert(0, 'kept ')
    const [first] = await push(owner, [op(doc, Y.encodeStateAsUpdate(device))])
    const before = Y.encodeStateVector(device)
    device.getText('text').insert(5, 'lost')
    const lost = op(doc, Y.encodeStateAsUpdate(device, before))
    await push(owner, [lost])
    // The backup is from before the second op.
    await sql`delete from doc_updates where doc_id = ${doc} and seq = 2`
    await sql`update docs set head_seq = 1 where id = ${doc}`

    const anchor = { seq: 2, op_id: lost.op_id }
    const refused = await push(owner, [op(doc, write('x'), { anchor }), op(doc, write('y'))])
    expect(codes(refused)).toEqual(['anchor_lost', 'after_refused'])
    expect(refused[0]?.epoch).toMatch(/^[0-9a-f-]{36}$/)
    expect(refused[0]?.epoch).not.toBe(first?.epoch)

    // Another device of the same past: it is told to start over, in the epoch that the first has caused.
    const page = (await pull(agent, { [doc]: anchor }))[doc]
    expect(page).toMatchObject({ reset: true, head: 1, more: false })
    expect(page?.updates.map((update) => update.seq)).toEqual([1])
    expect(page?.epoch).toBe(refused[0]?.epoch)

    const [again] = await push(owner, [op(doc, Y.encodeStateAsUpdate(device))])
    expect(again).toMatchObject({ status: 'accepted', seq: 2, epoch: page?.epoch })
    expect((await read(agent, doc)).doc.getText('text').toJSON()).toBe('kept lost')
  })

  test('[P14] the number that another op took meanwhile is not the device’s', async () => {
    const doc = board(workspace, 'taken')
    await push(owner, [op(doc), op(doc)])
    const anchor = { seq: 2, op_id: randomUUID() }
    expect(codes(await push(owner, [op(doc, write('x'), { anchor })]))).toEqual(['anchor_lost'])
    expect(await linesOf(doc)).toHaveLength(2)
  })

  test('[P14] an anchor into a document that is gone altogether', async () => {
    const doc = board(workspace, 'gone')
    const [result] = await push(owner, [op(doc, write('x'), { anchor: { seq: 3, op_id: randomUUID() } })])
    expect(result).toMatchObject({ code: 'anchor_lost', epoch: expect.any(String) as string })
    expect(codes(await push(owner, [op(doc)]))).toEqual(['accepted'])
  })
})

describe('sizes', () => {
  test('[P4] 200 ops go, 201 do not', async () => {
    const doc = board(workspace, 'many')
    const ops = Array.from({ length: 201 }, () => op(doc))
    await expect(push(owner, ops)).rejects.toMatchObject({ code: 'PT400', details: 'bad_request' })
    expect(await sql`select 1 from docs where id = ${doc}`).toHaveLength(0)
    expect((await push(owner, ops.slice(1))).at(-1)).toMatchObject({ status: 'accepted', seq: 200 })
  })

  test('[P7] [P21] 4 MB go in one update, and come back', async () => {
    const doc = board(workspace, 'large')
    const update = write('x'.repeat(4 * 1024 * 1024 - 100))
    expect(codes(await push(owner, [op(doc, update), op(doc)]))).toEqual(['accepted', 'accepted'])
    const page = (await pull(owner, { [doc]: null }, 1000))[doc]
    expect(page?.updates).toHaveLength(1)
    expect(page).toMatchObject({ more: true, head: 2 })
    expect((await read(owner, doc)).doc.getText('text').length).toBe(4 * 1024 * 1024 - 99)
  })

  test('[P7] more than 4 MB is too large, and more than 8 MB together is for another call', async () => {
    const docs = ['s1', 's2', 's3', 's4'].map((name) => board(workspace, name))
    const three = base64(write('x'.repeat(3_000_000)))
    const results = await push(owner, [
      op(docs[0] ?? '', write('x'.repeat(4 * 1024 * 1024 + 1))),
      op(docs[1] ?? '', three),
      op(docs[2] ?? '', three),
      op(docs[3] ?? '', three),
      op(docs[0] ?? '', write('small')),
      op(board(workspace, 's5'), write('small')),
    ])
    expect(codes(results)).toEqual([
      'too_large',
      'accepted',
      'accepted',
      'call_too_large',
      'after_refused',
      'accepted',
    ])
  })
})
