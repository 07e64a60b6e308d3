import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Inbox, subscribe } from './testing/inbox.ts'
import { personToken, type TestEndpoint } from './testing/endpoint.ts'
import { RawSocket } from './testing/raw-socket.ts'
import { startWithTables, type System, watch } from './testing/watch.ts'

let endpoint: TestEndpoint
beforeAll(async () => {
  endpoint = await startWithTables()
}, 60_000)
afterAll(() => endpoint.stop())

describe('changes', () => {
  test('[G1] [G3] insert, update and delete in the shape of the real server', async () => {
    const { changes, system, channel } = await watch(endpoint, { table: 'open_rows' })
    expect(system).toEqual({
      extension: 'postgres_changes',
      status: 'ok',
      message: 'Subscribed to PostgreSQL',
      channel: channel.subTopic,
    })
    await endpoint.sql`insert into public.open_rows values (9007199254740993, 'a', 1, true, 'calm',
      '2026-01-02 03:04:05+00', '2026-01-02', 'x', 1.50, '{a,b}', '{"k": [1]}', '\\x00ff', 's')`
    await endpoint.sql`update public.open_rows set name = 'b'`
    await endpoint.sql`delete from public.open_rows`
    const [inserted, updated, deleted] = await changes.count(3)
    expect(inserted).toMatchObject({
      eventType: 'INSERT',
      schema: 'public',
      table: 'open_rows',
      old: {},
      errors: null,
    })
    expect(inserted?.commit_timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(Math.abs(Date.parse(inserted?.commit_timestamp ?? '') - Date.now())).toBeLessThan(10_000)
    expect(inserted?.new).toMatchObject({
      name: 'a',
      n: 1,
      ok: true,
      mood: 'calm',
      day: '2026-01-02',
      price: 1.5,
    })
    expect(inserted?.new).toMatchObject({
      at: '2026-01-02T03:04:05+00:00',
      tags: ['a', 'b'],
      doc: { k: [1] },
    })
    expect(updated).toMatchObject({ eventType: 'UPDATE', new: { name: 'b' } })
    expect(Object.keys(updated?.old ?? {})).toEqual(['id'])
    expect(deleted).toMatchObject({ eventType: 'DELETE', new: {} })
    expect(Object.keys(deleted?.old ?? {})).toEqual(['id'])
  })

  test('[G3] the frame itself: ids, columns, digits', async () => {
    const socket = await RawSocket.open(endpoint.url)
    const text = new Inbox<string>()
    socket.socket.on('message', (data: Buffer) => text.put(data.toString()))
    const entry = { event: 'INSERT', schema: 'public', table: 'open_rows' }
    const joined = await socket.join('frames', {
      postgres_changes: [entry, entry, { ...entry, filter: 'n=eq.1' }],
    })
    const response = joined.payload['response'] as { postgres_changes: { id: number }[] }
    const ids = response.postgres_changes.map((item) => item.id)
    expect([ids[0] === ids[1], ids[0] === ids[2], response.postgres_changes[0]]).toEqual([
      true,
      false,
      { ...entry, id: ids[0] },
    ])
    await socket.frames.first((frame) => frame.event === 'system')
    await endpoint.sql`insert into public.open_rows (id, n, price) values (9007199254740993, 1, 0.12345678901234567890)`
    const frame = await socket.frames.first((item) => item.event === 'postgres_changes')
    expect(frame.payload).toMatchObject({
      ids,
      data: { type: 'INSERT', columns: expect.arrayContaining([{ name: 'id', type: 'int8' }]) },
    })
    expect(frame.payload['data']).not.toHaveProperty('old_record')
    const raw = await text.first((item) => item.includes('postgres_changes') && item.includes('record'))
    expect(raw).toContain('9007199254740993')
    expect(raw).toContain('0.12345678901234567890')
    await endpoint.sql`delete from public.open_rows`
    socket.socket.close()
  })

  test('[G1] a row that a person writes, and one that a trigger changes on its way', async () => {
    await endpoint.sql.unsafe(`
      create table public.shouted (id int primary key, body text);
      grant select, insert on public.shouted to authenticated;
      create function public.shout() returns trigger language plpgsql as $$ begin new.body := upper(new.body); return new; end $$;
      create trigger shout before insert on public.shouted for each row execute function public.shout();
      alter publication supabase_realtime add table public.shouted`)
    const { changes } = await watch(endpoint, { table: 'shouted' }, { token: personToken() })
    await endpoint.sql.begin(async (tx) => {
      await tx`set local role authenticated`
      await tx`insert into public.shouted values (1, 'quiet')`
    })
    expect((await changes.count(1))[0]?.new).toEqual({ id: 1, body: 'QUIET' })
  })

  test('[W3] the same to a client of protocol 1.0.0', async () => {
    const { changes } = await watch(endpoint, { table: 'full_rows' }, { vsn: '1.0.0' })
    await endpoint.sql`insert into public.full_rows values (900, 'old protocol')`
    expect((await changes.count(1))[0]).toMatchObject({
      eventType: 'INSERT',
      new: { id: 900, body: 'old protocol' },
    })
    await endpoint.sql`delete from public.full_rows where id = 900`
  })

  test('[G3] replica identity full tells the old row', async () => {
    const { changes } = await watch(endpoint, { table: 'full_rows' })
    await endpoint.sql`insert into public.full_rows values (1, 'a')`
    await endpoint.sql`update public.full_rows set body = 'b'`
    await endpoint.sql`delete from public.full_rows`
    const [, updated, deleted] = await changes.count(3)
    expect([updated?.old, deleted?.old]).toEqual([
      { id: 1, body: 'a' },
      { id: 1, body: 'b' },
    ])
  })

  test('[G1] events, wildcards and names that need quotes', async () => {
    const updates = await watch(endpoint, { event: 'UPDATE', table: 'full_rows' })
    const everything = await watch(endpoint, {})
    const odd = await watch(endpoint, { table: 'Odd, "name"', filter: 'a.b=eq.x' })
    await endpoint.sql`insert into public.full_rows values (2, 'a')`
    await endpoint.sql`update public.full_rows set body = 'b' where id = 2`
    await endpoint.sql`insert into public."Odd, ""name""" values (1, 'x'), (2, 'y')`
    expect((await everything.changes.count(4)).map((change) => change.table)).toEqual([
      'full_rows',
      'full_rows',
      'Odd, "name"',
      'Odd, "name"',
    ])
    expect((await odd.changes.count(1)).map((change) => change.new)).toEqual([{ 'The id': 1, 'a.b': 'x' }])
    expect(updates.changes.all.map((change) => change.eventType)).toEqual(['UPDATE'])
  })

  test('[G1] a transaction that is rolled back tells nothing', async () => {
    const { changes } = await watch(endpoint, { table: 'full_rows' })
    await endpoint.sql
      .begin(async (tx) => {
        await tx`insert into public.full_rows values (50, 'undone')`
        throw new Error('undo')
      })
      .catch(() => {})
    await endpoint.sql`insert into public.full_rows values (51, 'done')`
    expect((await changes.count(1)).map((change) => change.new['id'])).toEqual([51])
  })

  test('[D6] a change while the listening connection is away', async () => {
    const { changes } = await watch(endpoint, { table: 'full_rows' })
    for (let n = 100; n < 110; n += 1) {
      if (n === 104)
        await endpoint.sql`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'realtime_feed' and datname = current_database()`
      await endpoint.sql`insert into public.full_rows values (${n}, 'x')`
    }
    const ids = (await changes.count(10)).map((change) => Number(change.new['id'])).sort((a, b) => a - b)
    expect(ids).toEqual([100, 101, 102, 103, 104, 105, 106, 107, 108, 109])
  })
})

describe('publication', () => {
  test('[G2] a table that is added later, one that leaves, and one of the wildcard', async () => {
    await endpoint.sql`create table public.later (id int primary key)`
    await endpoint.sql`grant select on public.later to anon`
    const early = await watch(endpoint, { table: 'later' })
    const all = await watch(endpoint, { event: 'INSERT', schema: '*', table: '*' })
    expect(early.system.status).toBe('error')
    await endpoint.sql`insert into public.later values (1)`
    await endpoint.sql.begin(async (tx) => {
      await tx`alter publication supabase_realtime add table public.later`
      await tx`insert into public.later values (2)`
    })
    await early.systems.first((item) => item.status === 'ok')
    await endpoint.sql`insert into public.later values (3)`
    await endpoint.sql`alter publication supabase_realtime drop table public.later`
    await endpoint.sql`insert into public.later values (4)`
    await endpoint.sql`insert into public.full_rows values (500, 'end')`
    const told = await all.changes.until((changes) => changes.some((change) => change.new['id'] === 500))
    expect(told.filter((change) => change.table === 'later').map((change) => change.new['id'])).toEqual([
      2, 3,
    ])
    expect(early.changes.all.map((change) => change.new['id'])).toContain(3)
    expect(await endpoint.sql`select from pg_trigger where tgrelid = 'public.later'::regclass`).toHaveLength(
      0,
    )
  })

  test('[G2] a publication made anew, for all tables, for some operations', async () => {
    await endpoint.sql`drop publication supabase_realtime`
    expect(await endpoint.sql`select from pg_trigger where tgname = 'zz_realtime_changes'`).toHaveLength(0)
    await endpoint.sql`create publication supabase_realtime for all tables with (publish = 'insert')`
    await endpoint.sql`create table public.newest (id int primary key)`
    await endpoint.sql`grant select on public.newest to anon`
    const { changes } = await watch(endpoint, { table: 'newest' })
    await endpoint.sql`insert into public.newest values (1)`
    await endpoint.sql`update public.newest set id = 2`
    await endpoint.sql`insert into public.newest values (3)`
    expect((await changes.count(2)).map((change) => change.new['id'])).toEqual([1, 3])
    expect(
      await endpoint.sql`select from pg_trigger t join pg_class c on c.oid = tgrelid
      where tgname = 'zz_realtime_changes' and c.relnamespace = 'realtime'::regnamespace`,
    ).toHaveLength(0)
  })
})

describe('the options of a join', () => {
  test('[G8] wait holds the reply until the subscription stands, and fails with it', async () => {
    const join = (table: string) =>
      endpoint
        .client()
        .channel(`wait ${table}`, { config: { postgres_changes_options: { wait: true, timeout: 2_000 } } })
        .on('postgres_changes', { event: '*', schema: 'public', table }, () => {})
    expect((await subscribe(join('full_rows'))).status).toBe('SUBSCRIBED')
    const refused = await subscribe(join('nowhere at all'))
    expect(refused.status).toBe('CHANNEL_ERROR')
    expect(refused.reason).toMatch(/^RealtimeDisabledForConfiguration: Unable to subscribe to changes/)
  })

  test('[G8] replication_ready says when the feed listens', async () => {
    const systems = new Inbox<System>()
    const channel = endpoint.client().channel('ready', { config: { broadcast: { replication_ready: true } } })
    await subscribe(channel.on('system', {}, systems.put))
    expect((await systems.count(1))[0]).toMatchObject({
      extension: 'system',
      status: 'ok',
      message: 'Replication connection established',
    })
  })
})
