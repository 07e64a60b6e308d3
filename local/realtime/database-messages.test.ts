import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installRealtimeSchema } from './index.ts'
import { Inbox, subscribe } from './testing/inbox.ts'
import { personToken, startTestEndpoint, type TestEndpoint } from './testing/endpoint.ts'
import { RawSocket } from './testing/raw-socket.ts'

let endpoint: TestEndpoint
beforeAll(async () => {
  endpoint = await startTestEndpoint()
  await endpoint.sql.unsafe(`
    create policy hear on realtime.messages for select to authenticated using (true);
    create policy speak on realtime.messages for insert to authenticated with check (realtime.topic() = 'permitted');
    create table public.notes (id bigint primary key, body text);
    create function public.tell() returns trigger language plpgsql security definer as $$
      begin
        perform realtime.broadcast_changes('notes', tg_op, tg_op, tg_table_name, tg_table_schema, new, old);
        return null;
      end $$;
    create trigger tell after insert or update or delete on public.notes for each row execute function public.tell();`)
}, 60_000)
afterAll(() => endpoint.stop())

type Message = { event: string; payload: Record<string, unknown>; meta: { id: string; replayed?: boolean } }

async function listen(topic: string, replay?: { since: number; limit?: number }) {
  const heard = new Inbox<Message>()
  const channel = endpoint
    .client({ token: personToken() })
    .channel(topic, { config: { private: true, ...(replay ? { broadcast: { replay } } : {}) } })
  const joined = await subscribe(
    channel.on('broadcast', { event: '*' }, heard.put as (message: unknown) => void),
  )
  return { ...joined, heard }
}

const send = (topic: string, n: number) =>
  endpoint.sql`select realtime.send(jsonb_build_object('n', ${n}::int), 'n', ${topic}, true)`
const numbers = (messages: Message[]) => messages.map((message) => message.payload['n'])

describe('messages of the database', () => {
  test('[D1] realtime.send reaches the room at commit, with its id', async () => {
    const { heard } = await listen('sent')
    await endpoint.sql.begin(async (tx) => {
      await tx`select realtime.send('{"n": 1}', 'committed', 'sent')`
      await tx`select realtime.send('{"n": 2, "id": "mine"}', 'committed', 'sent')`
    })
    await endpoint.sql
      .begin(async (tx) => {
        await tx`select realtime.send('{}', 'undone', 'sent')`
        throw new Error('undo')
      })
      .catch(() => {})
    await endpoint.sql`select realtime.send('{}', 'end', 'sent')`
    const messages = await heard.count(3)
    expect(messages.map((message) => message.event)).toEqual(['committed', 'committed', 'end'])
    expect(messages[0]).toMatchObject({
      payload: { n: 1, id: messages[0]?.meta.id },
      meta: { id: expect.any(String) },
    })
    expect(messages[1]?.payload).toEqual({ n: 2, id: 'mine' })
  })

  test('[D2] realtime.send_binary brings bytes, [D5] and a row inserted by hand is a message', async () => {
    const { heard } = await listen('bytes')
    await endpoint.sql`select realtime.send_binary('\\x00ff10'::bytea, 'raw', 'bytes')`
    await endpoint.sql`insert into realtime.messages (topic, extension, event, private, payload)
      values ('bytes', 'broadcast', 'by hand', true, '{"a": 1}'), ('bytes', 'presence', 'none', true, '{}')`
    const messages = await heard.count(2)
    expect(new Uint8Array(messages[0]?.payload as unknown as ArrayBuffer)).toEqual(
      new Uint8Array([0, 255, 16]),
    )
    expect(messages[1]).toMatchObject({ event: 'by hand', payload: { a: 1 } })
  })

  test('[D1] more than NOTIFY can carry, and numbers with all their digits', async () => {
    const { heard } = await listen('large')
    const text = 'é'.repeat(200_000)
    await endpoint.sql`select realtime.send(jsonb_build_object('text', ${text}::text), 'large', 'large')`
    expect((await heard.count(1))[0]?.payload['text']).toBe(text)
  })

  test('[D3] without an insert policy the caller is warned and nobody hears it', async () => {
    const { heard } = await listen('forbidden')
    await endpoint.sql.begin(async (tx) => {
      await tx`set local role authenticated`
      await tx`select realtime.send('{}', 'forbidden', 'forbidden')`
      await tx`select realtime.send_binary('\\x00', 'forbidden', 'forbidden')`
    })
    await endpoint.sql`select realtime.send('{}', 'allowed', 'forbidden')`
    expect((await heard.count(1)).map((message) => message.event)).toEqual(['allowed'])
  })

  test('[D3] with an insert policy the caller is heard', async () => {
    const { heard } = await listen('permitted')
    await endpoint.sql.begin(async (tx) => {
      await tx`set local role authenticated`
      await tx`select realtime.send('{}', 'permitted', 'permitted')`
    })
    expect((await heard.count(1)).map((message) => message.event)).toEqual(['permitted'])
  })

  test('[D4] realtime.broadcast_changes tells the row before and after', async () => {
    const { heard } = await listen('notes')
    await endpoint.sql`insert into public.notes values (1, 'a')`
    await endpoint.sql`update public.notes set body = 'b'`
    await endpoint.sql`delete from public.notes`
    const [inserted, updated, deleted] = await heard.count(3)
    const common = { table: 'notes', schema: 'public' }
    expect(inserted?.payload).toMatchObject({
      ...common,
      operation: 'INSERT',
      record: { id: 1, body: 'a' },
      old_record: null,
    })
    expect(updated?.payload).toMatchObject({
      ...common,
      operation: 'UPDATE',
      record: { body: 'b' },
      old_record: { body: 'a' },
    })
    expect(deleted?.payload).toMatchObject({
      ...common,
      operation: 'DELETE',
      record: null,
      old_record: { body: 'b' },
    })
  })

  test('[D6] the listening connection dies again and again: nothing lost, nothing doubled', async () => {
    const { heard } = await listen('torn')
    const kill = () => endpoint.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'realtime_feed' and datname = current_database()`
    for (let n = 0; n < 60; n += 1) {
      if (n % 10 === 5) while ((await kill()).length === 0) await endpoint.sql`select 1`
      await send('torn', n)
    }
    await heard.count(60)
    await send('torn', 60)
    const all = await heard.until((messages) => numbers(messages).includes(60))
    expect(numbers(all).sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 61 }, (_, n) => n),
    )
  })

  test('[D6] every connection of the endpoint dies at once, again and again', async () => {
    const { heard } = await listen('severed')
    const admin = await endpoint.sql.reserve()
    const sever = () => admin`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`
    for (let n = 0; n < 40; n += 1) {
      if (n % 8 === 4) await sever()
      await admin`select realtime.send(jsonb_build_object('n', ${n}::int), 'n', 'severed', true)`
    }
    admin.release()
    const all = await heard.until(
      (messages) => new Set(numbers(messages)).size === 40,
      'forty messages',
      10_000,
    )
    expect(numbers(all).sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 40 }, (_, n) => n),
    )
    expect((await listen('severed')).status).toBe('SUBSCRIBED')
  })

  test('[D6] a transaction that commits late, after others with higher numbers, is delivered', async () => {
    const { heard } = await listen('late')
    const other = await endpoint.sql.reserve()
    await other`begin`
    await other`select realtime.send('{"n": 0}', 'n', 'late')`
    await send('late', 1)
    await heard.count(1)
    await endpoint.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'realtime_feed' and datname = current_database()`
    await other`commit`
    other.release()
    expect(numbers(await heard.count(2))).toEqual([1, 0])
  })

  test('[D7] what is older than three days goes', async () => {
    await endpoint.sql`insert into realtime.messages (topic, extension, inserted_at) values
      ('old', 'broadcast', now() at time zone 'utc' - interval '73 hours'),
      ('old', 'broadcast', now() at time zone 'utc' - interval '71 hours')`
    await endpoint.sql`select _realtime.prune()`
    expect(await endpoint.sql`select from realtime.messages where topic = 'old'`).toHaveLength(1)
  })

  test('the schema may be installed again over a database in use', async () => {
    const { heard } = await listen('again')
    await send('again', 1)
    await installRealtimeSchema(endpoint.sql)
    await send('again', 2)
    expect(numbers(await heard.count(2))).toEqual([1, 2])
  })

  test('a role of the API reads nothing of the endpoint itself', async () => {
    for (const role of ['anon', 'authenticated']) {
      await expect(
        endpoint.sql.begin(async (tx) => {
          await tx.unsafe(`set local role ${role}`)
          await tx`select * from _realtime.feed`
        }),
      ).rejects.toThrow('permission denied for schema _realtime')
    }
  })
})

describe('replay', () => {
  test('[R1] the newest messages since then, oldest first and marked', async () => {
    const before = Date.now()
    for (let n = 0; n < 30; n += 1) await send('history', n)
    await endpoint.sql`select realtime.send('{"n": 99}', 'n', 'history', false)`
    const few = await listen('history', { since: before, limit: 3 })
    expect(numbers(await few.heard.count(3))).toEqual([27, 28, 29])
    expect(few.heard.all.every((message) => message.meta.replayed && message.meta.id)).toBe(true)

    const most = await listen('history', { since: before, limit: 1_000 })
    await send('history', 30)
    expect(numbers(await most.heard.count(26))).toEqual([...Array.from({ length: 25 }, (_, n) => n + 5), 30])
    expect((await listen('history', { since: before })).status).toBe('SUBSCRIBED')
    const none = await listen('history', { since: Date.now() + 60_000 })
    await send('history', 31)
    expect((await none.heard.count(1))[0]?.meta).not.toHaveProperty('replayed')
  })

  test('[R1] bytes are replayed as bytes', async () => {
    await endpoint.sql`select realtime.send_binary('\\xcafe'::bytea, 'raw', 'history of bytes')`
    const { heard } = await listen('history of bytes', { since: Date.now() - 10_000 })
    const [message] = await heard.count(1)
    expect(new Uint8Array(message?.payload as unknown as ArrayBuffer)).toEqual(new Uint8Array([0xca, 0xfe]))
    expect(message?.meta.replayed).toBe(true)
  })

  test('[R2] messages that arrive while it reads are neither lost nor doubled, and keep their order', async () => {
    const since = Date.now()
    let n = 0
    const stop = new AbortController()
    const sending = (async () => {
      while (!stop.signal.aborted) await send('busy', n++)
    })()
    const joined = await Promise.all(Array.from({ length: 8 }, () => listen('busy', { since, limit: 25 })))
    stop.abort()
    await sending
    const last = n - 1
    for (const { heard } of joined) {
      const all = numbers(await heard.until((messages) => numbers(messages).includes(last))) as number[]
      const first = all[0] ?? 0
      expect(all).toEqual(Array.from({ length: last - first + 1 }, (_, at) => first + at))
    }
  })

  test('[R3] public channels and other parameters are refused', async () => {
    const refused = await listen('history', { since: 'yesterday' as unknown as number })
    expect(refused.reason).toBe('UnableToReplayMessages: Replay params are not valid')
    const socket = await RawSocket.open(endpoint.url)
    const open = await socket.join('history', { broadcast: { replay: { since: 0 } } })
    expect(open.payload['response']).toEqual({
      reason: 'UnableToReplayMessages: Replay is not allowed for public channels',
    })
    socket.socket.close()
  })
})
