import { randomUUID } from 'node:crypto'
import { postgresChangesFilter, type SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Inbox, subscribe } from './testing/inbox.ts'
import { personToken, startTestEndpoint, type TestEndpoint } from './testing/endpoint.ts'
import { RawSocket } from './testing/raw-socket.ts'

let endpoint: TestEndpoint
beforeAll(async () => {
  endpoint = await startTestEndpoint()
  await endpoint.sql.unsafe(`
    create type public.mood as enum ('calm', 'busy');
    create table public.open_rows (id bigint primary key, name text, n int, ok boolean, mood public.mood,
      at timestamptz, day date, code varchar(20), price numeric, tags text[], doc jsonb, raw bytea, secret text);
    create table public.owned (id int primary key, owner uuid, body text);
    alter table public.owned enable row level security;
    create policy own on public.owned for select to authenticated
      using (owner = (current_setting('request.jwt.claims')::jsonb ->> 'sub')::uuid);
    create table public.full_rows (id int primary key, body text);
    alter table public.full_rows replica identity full;
    create table public.keyless (n int);
    create table public.hidden (id int primary key, n int);
    create table public."Odd, ""name""" ("The id" int primary key, "a.b" text);
    grant select on public.owned, public.full_rows, public.keyless, public."Odd, ""name""" to anon, authenticated;
    grant select on public.open_rows to authenticated;
    grant select (id, name, n, ok, mood, at, day, code, price, tags, doc, raw) on public.open_rows to anon;
    alter publication supabase_realtime add table public.open_rows, public.owned, public.full_rows, public.keyless,
      public.hidden, public."Odd, ""name""";`)
}, 60_000)
afterAll(() => endpoint.stop())

interface Change {
  eventType: string
  schema: string
  table: string
  commit_timestamp: string
  new: Record<string, unknown>
  old: Record<string, unknown>
  errors: string[] | null
}
interface System {
  extension: string
  status: string
  message: string
}
type Asked = { event?: string; schema?: string; table?: string; filter?: unknown; select?: string[] }

/** Subscribes and waits until the server says that changes flow, or why not. */
async function watch(asked: Asked, options: { token?: string; vsn?: '1.0.0'; client?: SupabaseClient } = {}) {
  const client = options.client ?? endpoint.client(options)
  const channel = client.channel(`watch ${randomUUID()}`)
  const changes = new Inbox<Change>()
  const systems = new Inbox<System>()
  channel.on('postgres_changes', { event: '*', schema: 'public', ...asked } as never, changes.put as never)
  const joined = await subscribe(channel.on('system', {}, systems.put))
  expect(joined).toMatchObject({ status: 'SUBSCRIBED' })
  const system = await systems.first((item) => item.extension === 'postgres_changes')
  return { channel, changes, systems, system }
}

describe('changes', () => {
  test('[G1] [G3] insert, update and delete in the shape of the real server', async () => {
    const { changes, system, channel } = await watch({ table: 'open_rows' })
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
    const { changes } = await watch({ table: 'shouted' }, { token: personToken() })
    await endpoint.sql.begin(async (tx) => {
      await tx`set local role authenticated`
      await tx`insert into public.shouted values (1, 'quiet')`
    })
    expect((await changes.count(1))[0]?.new).toEqual({ id: 1, body: 'QUIET' })
  })

  test('[W3] the same to a client of protocol 1.0.0', async () => {
    const { changes } = await watch({ table: 'full_rows' }, { vsn: '1.0.0' })
    await endpoint.sql`insert into public.full_rows values (900, 'old protocol')`
    expect((await changes.count(1))[0]).toMatchObject({
      eventType: 'INSERT',
      new: { id: 900, body: 'old protocol' },
    })
    await endpoint.sql`delete from public.full_rows where id = 900`
  })

  test('[G3] replica identity full tells the old row', async () => {
    const { changes } = await watch({ table: 'full_rows' })
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
    const updates = await watch({ event: 'UPDATE', table: 'full_rows' })
    const everything = await watch({})
    const odd = await watch({ table: 'Odd, "name"', filter: 'a.b=eq.x' })
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
    const { changes } = await watch({ table: 'full_rows' })
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
    const { changes } = await watch({ table: 'full_rows' })
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

describe('filters', () => {
  const rows = `insert into public.open_rows (id, name, n, ok, mood, at, day, code, price) values
    (1, 'alpha', 9, true, 'calm', '2026-01-01T00:00:00Z', '2026-01-01', 'x-1', 1.5),
    (2, 'Beta', 10, false, 'busy', '2026-02-01T00:00:00Z', '2026-02-01', 'y-2', 10),
    (3, null, null, null, null, null, null, null, null),
    (4, 'a,b "c" (d)', 100, true, 'calm', '2026-03-01T00:00:00Z', '2026-03-01', 'x-4', -2)`

  const cases: [string, number[]][] = [
    ['n=gt.9', [2, 4]], // as numbers: as text '10' < '9'
    ['price=lte.1.50', [1, 4]],
    ['n=eq.10', [2]],
    ['n=neq.10', [1, 4]],
    ['n=not.eq.10', [1, 4]],
    ['n=gte.10,n=lt.100', [2]],
    ['at=gt.2026-01-31T22:00:00-03:00', [4]],
    ['day=lt.2026-02-01', [1]],
    ['mood=gt.calm', [2]], // by the order of the enum
    ['mood=in.(calm)', [1, 4]],
    ['n=in.(9,100)', [1, 4]],
    ['name=in.("a,b \\"c\\" (d)",Beta)', [2, 4]],
    ['n=not.in.(9,100)', [2]],
    ['name=like.%a', [1, 2]],
    ['name=ilike.b%', [2]],
    ['name=not.like.a%', [2]],
    ['code=like.x%', [1, 4]],
    ['name=match.^[A-Z]', [2]],
    ['name=imatch.^[B]', [2]],
    ['name=is.null', [3]],
    ['name=not.is.null', [1, 2, 4]],
    ['ok=is.true', [1, 4]],
    ['ok=is.unknown', [3]],
    ['n=isdistinct.10', [1, 3, 4]],
    ['n=not.isdistinct.10', [2]],
    ['name=eq."a,b \\"c\\" (d)"', [4]],
    ['  ', [1, 2, 3, 4]],
  ]
  test('[G4] each operator, by the type of its column', async () => {
    const client = endpoint.client() // one socket: what the last channel has heard, the others have
    const watched = await Promise.all(
      cases.map(([filter]) => watch({ event: 'INSERT', table: 'open_rows', filter }, { client })),
    )
    for (const [at, { system }] of watched.entries())
      expect([cases[at]?.[0], system.status]).toEqual([cases[at]?.[0], 'ok'])
    const built = await watch(
      {
        event: 'INSERT',
        table: 'open_rows',
        filter: postgresChangesFilter().eq('name', 'a,b "c" (d)').not('n', 'in', [1, 2]),
      },
      { client },
    )
    const last = await watch({ event: 'DELETE', table: 'open_rows' }, { client })
    await endpoint.sql.unsafe(rows)
    await endpoint.sql`delete from public.open_rows`
    await last.changes.count(4)
    for (const [at, { changes }] of watched.entries()) {
      expect([cases[at]?.[0], changes.all.map((change) => change.new['id'])]).toEqual(cases[at])
    }
    expect(built.changes.all.map((change) => change.new['id'])).toEqual([4])
  })

  test('[G4] a delete is matched by what its identity tells', async () => {
    const client = endpoint.client()
    await endpoint.sql`insert into public.open_rows (id, n) values (1, 1), (2, 2)`
    const byKey = await watch({ event: 'DELETE', table: 'open_rows', filter: 'id=eq.2' }, { client })
    const byOther = await watch({ event: 'DELETE', table: 'open_rows', filter: 'n=eq.2' }, { client })
    const last = await watch({ event: 'DELETE', table: 'open_rows' }, { client })
    await endpoint.sql`delete from public.open_rows`
    await last.changes.count(2)
    expect([byKey.changes.all.map((change) => change.old), byOther.changes.all]).toEqual([[{ id: 2 }], []])
  })

  test('[G1] what cannot work is refused with the reason', async () => {
    const refusal = async (asked: Asked) => (await watch(asked)).system
    const failed = (message: unknown) => ({
      extension: 'postgres_changes',
      status: 'error',
      message,
      channel: expect.any(String),
    })
    expect(await refusal({ table: 'open_rows', filter: 'absent=eq.1' })).toEqual(
      failed(
        'Unable to subscribe to changes with given parameters. An exception happened so please check your connect ' +
          'parameters: [event: *, schema: public, table: open_rows, filters: [{"absent", "eq", "1", false}], select: nil]. ' +
          'Exception: ERROR P0001 (raise_exception) invalid column for filter absent',
      ),
    )
    expect(await refusal({ event: 'INSERT', table: 'nowhere' })).toEqual(
      failed(
        'Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the given connect ' +
          'parameters: [event: INSERT, schema: public, table: nowhere, filters: [], select: nil]',
      ),
    )
    const reasons: [Asked, string][] = [
      [{ table: 'open_rows', filter: 'n=foo.1' }, 'Error parsing `filter` params: ["foo", "1"]'],
      [{ table: 'open_rows', filter: 'undefined' }, 'Error parsing `filter` params: ["undefined"]'],
      [{ table: 'open_rows', filter: 'n=eq.1,,n=eq.2' }, 'empty segments'],
      [{ table: 'open_rows', filter: 'n=in.1' }, 'must be wrapped by parentheses'],
      [{ table: 'open_rows', filter: 'n=eq.word' }, 'invalid input syntax for type integer'],
      [{ table: 'open_rows', filter: 'n=is.true' }, 'requires a boolean column'],
      [{ table: 'open_rows', filter: 'ok=is.true) or (true' }, 'invalid value for is filter'],
      [{ table: 'open_rows', filter: 'n=like.1%' }, 'requires a text-compatible column type'],
      [{ table: 'open_rows', filter: 'name=match.(' }, 'invalid regular expression'],
      [{ table: 'open_rows', filter: `n=in.(${Array.from({ length: 101 }, (_, n) => n)})` }, 'Maximum 100'],
      [{ table: 'open_rows', filter: 'secret=eq.1' }, 'invalid column for filter secret'],
      [{ table: 'open_rows', select: ['absent'] }, 'invalid column for select absent'],
      [{ select: ['id'] }, 'Column selection is not supported for wildcard subscriptions'],
    ]
    for (const [asked, reason] of reasons)
      expect(await refusal(asked)).toEqual(failed(expect.stringContaining(reason)))
  })
})

describe('who sees a change', () => {
  test('[G6] row policies decide on inserts and updates; a delete tells its key alone', async () => {
    const [ana, bia] = [randomUUID(), randomUUID()]
    const seen = await Promise.all([
      watch({ table: 'owned' }, { token: personToken({ sub: ana }) }),
      watch({ table: 'owned' }, { token: personToken({ sub: bia }) }),
      watch({ table: 'owned' }),
    ])
    await endpoint.sql`insert into public.owned values (1, ${ana}, 'hers'), (2, ${bia}, 'theirs')`
    await endpoint.sql`update public.owned set body = 'new' where id = 2`
    await endpoint.sql`delete from public.owned`
    await Promise.all(
      seen.map(({ changes }) =>
        changes.until((all) => all.filter((change) => change.eventType === 'DELETE').length === 2),
      ),
    )
    const told = seen.map(({ changes }) =>
      changes.all.map((change) => [
        change.eventType,
        change.new['id'] ?? change.old['id'],
        Object.keys(change.old).length,
      ]),
    )
    const deletes = [
      ['DELETE', 1, 1],
      ['DELETE', 2, 1],
    ]
    // The policy reads the row as it stands when the change is told; a row that is gone is not told at all.
    const possible = [
      [['INSERT', 1, 0]],
      [
        ['INSERT', 2, 0],
        ['UPDATE', 2, 1],
      ],
      [],
    ]
    for (const [at, events] of told.entries()) {
      expect(events.slice(-2)).toEqual(deletes)
      for (const event of events.slice(0, -2)) expect(possible[at]).toContainEqual(event)
    }
  })

  test('[G6] the owner hears, the other does not, while the row is there', async () => {
    const [ana, bia] = [randomUUID(), randomUUID()]
    const hers = await watch({ table: 'owned' }, { token: personToken({ sub: ana }) })
    const theirs = await watch({ table: 'owned' }, { token: personToken({ sub: bia }) })
    await endpoint.sql`insert into public.owned values (10, ${ana}, 'hers')`
    await endpoint.sql`insert into public.owned values (11, ${bia}, 'theirs')`
    expect((await hers.changes.count(1)).map((change) => change.new)).toEqual([
      { id: 10, owner: ana, body: 'hers' },
    ])
    expect((await theirs.changes.count(1)).map((change) => change.new['id'])).toEqual([11])
    await endpoint.sql`update public.owned set owner = ${bia} where id = 10`
    expect((await theirs.changes.count(2)).map((change) => change.eventType)).toEqual(['INSERT', 'UPDATE'])
    expect(hers.changes.all).toHaveLength(1)
  })

  test('[G6] [T5] a new token changes who asks', async () => {
    const [ana, bia] = [randomUUID(), randomUUID()]
    const socket = await RawSocket.open(endpoint.url)
    const changes = [{ event: 'INSERT', schema: 'public', table: 'owned' }]
    await socket.join('switch', { postgres_changes: changes }, { access_token: personToken({ sub: ana }) })
    await socket.frames.first((frame) => frame.event === 'system')
    const told = () => socket.frames.all.filter((frame) => frame.event === 'postgres_changes').length
    await endpoint.sql`insert into public.owned values (20, ${ana}, 'hers')`
    await socket.frames.until(() => told() === 1)
    socket.push('realtime:switch', 'access_token', { access_token: personToken({ sub: bia }) })
    await socket.call('realtime:switch', 'presence', { event: 'untrack' })
    await endpoint.sql`insert into public.owned values (21, ${ana}, 'hers'), (22, ${bia}, 'theirs')`
    await socket.frames.until(() => told() === 2)
    const last = socket.frames.all.findLast((frame) => frame.event === 'postgres_changes')
    expect(last?.payload['data']).toMatchObject({ record: { id: 22 } })
    socket.socket.close()
  })

  test('[G7] columns without a grant are left out, and the errors of the real server', async () => {
    const anon = await watch({ table: 'open_rows' })
    const person = await watch({ table: 'open_rows' }, { token: personToken() })
    const keyless = await watch({ table: 'keyless' })
    const hidden = await watch({ table: 'hidden' })
    await endpoint.sql`insert into public.open_rows (id, name, secret) values (70, ${'x'.repeat(1_200_000)}, 'quiet')`
    await endpoint.sql`insert into public.open_rows (id, secret) values (71, 'quiet')`
    await endpoint.sql`insert into public.keyless values (1)`
    await endpoint.sql`insert into public.hidden values (1, 1)`
    const [large, small] = await anon.changes.count(2)
    expect(large?.errors).toEqual(['Error 413: Payload Too Large'])
    expect(large?.new).toMatchObject({ id: 70 })
    expect(large?.new).not.toHaveProperty('name')
    expect(small?.new).not.toHaveProperty('secret')
    expect((await person.changes.count(2))[1]?.new).toMatchObject({ secret: 'quiet' })
    expect((await keyless.changes.count(1))[0]?.errors).toEqual(['Error 400: Bad Request, no primary key'])
    expect((await hidden.changes.count(1))[0]).toMatchObject({ errors: ['Error 401: Unauthorized'], new: {} })
    await endpoint.sql`delete from public.open_rows`
  })

  test('[G5] select leaves the named columns and the key', async () => {
    const { changes } = await watch({ event: 'INSERT', table: 'open_rows', select: ['name'] })
    await endpoint.sql`insert into public.open_rows (id, name, n) values (80, 'chosen', 1)`
    expect((await changes.count(1))[0]?.new).toEqual({ id: 80, name: 'chosen' })
  })
})

describe('publication', () => {
  test('[G2] a table that is added later, one that leaves, and one of the wildcard', async () => {
    await endpoint.sql`create table public.later (id int primary key)`
    await endpoint.sql`grant select on public.later to anon`
    const early = await watch({ table: 'later' })
    const all = await watch({ event: 'INSERT', schema: '*', table: '*' })
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
    const { changes } = await watch({ table: 'newest' })
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
