import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { addMember, anonymousClient, makePerson, makeWorkspace, type Person } from '../harness/people.ts'
import { listen } from './ear.ts'
import { base64, board, conversation, op, openDatabase, push, write } from './log.ts'

const sql = openDatabase()
const talk = conversation()
let owner: Person
let viewer: Person
let stranger: Person
let workspace: string
const nobody = anonymousClient()

beforeAll(async () => {
  ;[owner, viewer, stranger] = await Promise.all([makePerson(), makePerson(), makePerson()])
  workspace = await makeWorkspace(owner)
  await makeWorkspace(stranger)
  await addMember(workspace, viewer, 'viewer')
  await push(owner, [op(talk, write('hello'), { workspace })])
})
afterEach(async () => {
  for (const client of [owner.client, viewer.client, stranger.client, nobody])
    await client.removeAllChannels()
})
afterAll(async () => {
  for (const client of [owner.client, viewer.client, stranger.client, nobody]) client.realtime.disconnect()
  await sql.end()
})

const topics = () => ({
  server: [`ws:${workspace}`, talk.replace('conv/', 'conv:')],
  here: [`here:${workspace}`, talk.replace('conv/', 'here:conv:')],
  edits: [`edits:${workspace}`, talk.replace('conv/', 'edits:conv:')],
})

describe('the server’s topics', () => {
  test('[P17] [T1] members hear each accepted op once, with its bytes', async () => {
    const doc = board(workspace, 'heard')
    const ears = await Promise.all([owner, viewer].map(({ client }) => listen(client, `ws:${workspace}`)))
    const [first, second] = [op(doc, write('one')), op(doc, write('two'))]
    await push(owner, [first, first, op(doc, 'AAAA')])
    await push(owner, [second])
    for (const ear of ears) {
      const heard = await ear.count(2)
      expect(heard).toHaveLength(2)
      expect(heard).toMatchObject([
        { event: 'update', payload: { doc, seq: 1, op_id: first.op_id, after: null, update: first.update } },
        {
          event: 'update',
          payload: { doc, seq: 2, op_id: second.op_id, after: first.op_id, update: second.update },
        },
      ])
    }
  })

  test('[P17] a conversation has its own topic, and its notes are on it', async () => {
    const ear = await listen(viewer.client, topics().server[1] ?? '')
    await push(owner, [op(talk, write('a')), op(`${talk}/notes`, write('b'))])
    expect((await ear.count(2)).map(({ payload }) => payload['doc'])).toEqual([talk, `${talk}/notes`])
  })

  test('[P17] an update above 96 kB is announced without its bytes', async () => {
    const doc = board(workspace, 'big')
    const ear = await listen(owner.client, `ws:${workspace}`)
    const [small, large] = [write('x'.repeat(90_000)), write('x'.repeat(99_000))]
    await push(owner, [op(doc, small), op(doc, large)])
    expect((await ear.count(2)).map(({ payload }) => payload['update'])).toEqual([base64(small), undefined])
  })

  test('[P17] a failing announcement does not undo a push', async () => {
    const doc = board(workspace, 'mute')
    await sql`create function private.fail_announcement() returns trigger language plpgsql as $$
      begin if new.payload ->> 'doc' like '%/board/mute' then raise exception 'no'; end if; return new; end $$`
    await sql`create trigger fail_announcement before insert on realtime.messages
      for each row execute function private.fail_announcement()`
    try {
      expect(await push(owner, [op(doc)])).toMatchObject([{ status: 'accepted', seq: 1 }])
    } finally {
      await sql`drop trigger fail_announcement on realtime.messages`
      await sql`drop function private.fail_announcement()`
    }
  })

  test('[T1] nobody but the database speaks on them, over the socket or over HTTP', async () => {
    for (const topic of topics().server) {
      const ear = await listen(viewer.client, topic)
      const forger = await listen(owner.client, topic, { ack: false })
      expect(forger.outcome).toBe('joined')
      const forged = { type: 'broadcast' as const, event: 'update', payload: { doc: talk, seq: 999 } }
      await forger.channel.send(forged)
      // The answer to the leave comes after whatever became of the broadcast.
      await forger.channel.unsubscribe()
      const loose = owner.client.channel(topic, { config: { private: true } })
      await loose.httpSend('update', forged.payload, { timeout: 2000 }).catch(() => {})
      const doc = topic.startsWith('conv') ? talk : board(workspace, 'real')
      const [real] = await push(owner, [op(doc)])
      const heard = await ear.count(1)
      expect(heard.map(({ payload }) => payload['seq'])).toEqual([real?.seq])
    }
  })
})

describe('where members meet', () => {
  test('[T2] members hear and speak, viewers too', async () => {
    for (const topic of topics().here) {
      const [a, b] = [await listen(owner.client, topic), await listen(viewer.client, topic)]
      expect(await b.channel.send({ type: 'broadcast', event: 'cursor', payload: { at: 1 } })).toBe('ok')
      expect(await a.count(1)).toMatchObject([{ event: 'cursor', payload: { at: 1 } }])
    }
  })

  test('[T2] presence works there', async () => {
    const [a, b] = [
      await listen(owner.client, `here:${workspace}`),
      await listen(viewer.client, `here:${workspace}`),
    ]
    await b.channel.track({ who: viewer.id })
    await expect.poll(() => JSON.stringify(a.channel.presenceState())).toContain(viewer.id)
  })
})

describe('where edits are told directly', () => {
  test('[T5] members hear what those say who may write, bytes as bytes', async () => {
    const agent = await makePerson()
    await addMember(workspace, agent, 'agent')
    for (const topic of topics().edits) {
      const ears = [await listen(owner.client, topic), await listen(viewer.client, topic)]
      const speaker = await listen(agent.client, topic)
      const payload = new Uint8Array([0, 255, 128, 10, 13]).buffer
      expect(await speaker.channel.send({ type: 'broadcast', event: 'edit', payload })).toBe('ok')
      for (const ear of ears) {
        const [heard] = await ear.count(1)
        expect(heard?.payload).toBeInstanceOf(ArrayBuffer)
        expect(new Uint8Array(heard?.payload as unknown as ArrayBuffer)).toEqual(new Uint8Array(payload))
      }
    }
    agent.client.realtime.disconnect()
  })

  test('[T5] a viewer is not heard there, over the socket or over HTTP', async () => {
    for (const topic of topics().edits) {
      const ear = await listen(owner.client, topic)
      const forger = await listen(viewer.client, topic, { ack: false })
      expect(forger.outcome).toBe('joined')
      await forger.channel.send({ type: 'broadcast', event: 'edit', payload: { forged: true } })
      // The answer to the leave comes after whatever became of the broadcast.
      await forger.channel.unsubscribe()
      const loose = viewer.client.channel(topic, { config: { private: true } })
      await loose.httpSend('edit', { forged: true }, { timeout: 2000 }).catch(() => {})
      await ear.channel.send({ type: 'broadcast', event: 'edit', payload: { real: true } })
      expect((await ear.count(1)).map(({ payload }) => payload)).toEqual([{ real: true }])
    }
  })
})

describe('strangers and nobody', () => {
  test('[T1] [T2] [T5] are refused every private topic', async () => {
    for (const topic of [...topics().server, ...topics().here, ...topics().edits]) {
      for (const client of [stranger.client, nobody]) {
        expect(await listen(client, topic)).toMatchObject({ outcome: 'refused', heard: [] })
      }
    }
  })

  test('hear nothing on a public topic of the same name, and are not heard there', async () => {
    for (const [n, topic] of [...topics().server, ...topics().here, ...topics().edits].entries()) {
      const member = await listen(owner.client, topic)
      const spies = await Promise.all(
        [stranger.client, nobody].map((client) => listen(client, topic, { isPrivate: false })),
      )
      const doc = topic.includes('conv') ? talk : board(workspace, `spied-${n}`)
      await push(owner, [op(doc)])
      if (!topics().server.includes(topic)) {
        await member.channel.send({ type: 'broadcast', event: 'hint', payload: {} })
      }
      await member.count(1)
      for (const spy of spies) {
        if (spy.outcome === 'refused') continue
        // Its own echo comes after anything that it could have heard.
        await spy.channel.send({ type: 'broadcast', event: 'echo', payload: {} })
        await expect.poll(() => spy.heard.some(({ event }) => event === 'echo')).toBe(true)
        expect(spy.heard.filter(({ event }) => event !== 'echo')).toEqual([])
      }
      expect(member.heard.filter(({ event }) => event === 'echo')).toEqual([])
    }
  })

  test('are out as soon as they are not members any more', async () => {
    const leaver = await makePerson()
    await addMember(workspace, leaver, 'agent')
    expect(await listen(leaver.client, `ws:${workspace}`)).toMatchObject({ outcome: 'joined' })
    await leaver.client.removeAllChannels()
    await owner.client.rpc('remove_member', { workspace, member: leaver.id })
    expect(await listen(leaver.client, `ws:${workspace}`)).toMatchObject({ outcome: 'refused' })
    leaver.client.realtime.disconnect()
  })

  test.each([
    'ws:',
    'ws:not-a-uuid',
    'ws:00000000-0000-0000-0000-00000000000g',
    'ws:------------------------------------',
    'ws:WORKSPACE',
    'ws:WORKSPACE:x',
    ' ws:WORKSPACE',
    'here:',
    'here:ws:WORKSPACE',
    'here:here:WORKSPACE',
    'edits:',
    'edits:ws:WORKSPACE',
    'edits:here:WORKSPACE',
    'conv:',
    'conv:short',
    'conv:01ARZ3NDEKTSV4RRFFQ69G5FAV',
    "conv:'; select 1; --",
    'docs:WORKSPACE',
    'ws:*',
    '%',
    `ws:${'a'.repeat(2000)}`,
  ])('[T3] %j is refused to everybody and breaks nothing', async (spelling) => {
    for (const client of [owner.client, nobody]) {
      const topic = spelling.replace(
        'WORKSPACE',
        spelling.startsWith('ws:W') && spelling.length < 13 ? workspace.toUpperCase() : workspace,
      )
      expect(await listen(client, topic)).toMatchObject({ outcome: 'refused' })
    }
    expect(await listen(owner.client, `ws:${workspace}`)).toMatchObject({ outcome: 'joined' })
  })
})
