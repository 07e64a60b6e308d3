import { randomUUID } from 'node:crypto'
import postgres, { type Sql } from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { adminClient, anonymousClient, makePerson } from '../harness/people.ts'
import { until } from '../harness/until.ts'

// One test for each fault of lite that local/lite fences in (its README lists them), on tables of the
// test's own in the schema that the API shows.

const stack = inject('stack')
const suffix = randomUUID().slice(0, 8)
const notes = `fence_notes_${suffix}`
const open = `fence_open_${suffix}`
let sql: Sql

beforeAll(async () => {
  sql = postgres(stack.DATABASE_URL, { max: 3, onnotice() {} })
  await sql.unsafe(`
    create table public.${notes} (
      id uuid primary key default gen_random_uuid(),
      owner uuid not null default auth.uid(),
      body text not null check (length(body) < 50),
      bytes bytea,
      at timestamptz default '2026-02-03 04:05:06.789+00',
      plain timestamp default '2026-02-03 04:05:06'
    );
    alter table public.${notes} enable row level security;
    create policy own on public.${notes} for all to authenticated using (owner = auth.uid()) with check (owner = auth.uid());
    grant select, insert, update, delete on public.${notes} to authenticated;
    create table public.${open} (id int primary key, email text default auth.email());
    revoke all on public.${open} from anon;
    grant select, insert on public.${open} to authenticated;
    create function public.fence_fail_${suffix}(status text) returns void language plpgsql as $$
    begin
      raise exception using errcode = 'PT' || status, message = 'told to', detail = 'machine_code', hint = 'a hint';
    end $$;
    create function public.fence_context_${suffix}() returns jsonb language sql stable as $$
      select jsonb_build_object('uid', auth.uid(), 'role', auth.role(), 'email', auth.email(),
        'jwt', auth.jwt(), 'user', current_user, 'method', current_setting('request.method', true),
        'timeout', current_setting('statement_timeout'))
    $$;
    create function public.fence_raise_${suffix}() returns void language plpgsql as $$
    begin raise exception 'a plain refusal'; end $$;
    create function public.fence_sleep_${suffix}() returns void language sql as $$ select pg_sleep(6) $$;
    grant execute on function public.fence_fail_${suffix}(text), public.fence_context_${suffix}(),
      public.fence_sleep_${suffix}(), public.fence_raise_${suffix}() to anon, authenticated;
  `)
  await until(
    async () => adminClient().from(notes).select('id').limit(1),
    ({ error }) => error?.code !== 'PGRST205',
  )
})

afterAll(async () => {
  await sql.unsafe(`
    drop table public.${notes}, public.${open};
    drop function public.fence_fail_${suffix}(text), public.fence_context_${suffix}(),
      public.fence_sleep_${suffix}(), public.fence_raise_${suffix}()`)
  await sql.end()
})

describe('who a request runs as', () => {
  test('a person sees their own rows, another sees none, nobody sees none', async () => {
    const [ana, rui] = [await makePerson(), await makePerson()]
    expect((await ana.client.from(notes).insert({ body: 'mine' })).error).toBeNull()
    expect((await ana.client.from(notes).select('body')).data).toEqual([{ body: 'mine' }])
    expect((await rui.client.from(notes).select('body')).data).toEqual([])
    expect((await anonymousClient().from(notes).select('body')).error?.code).toBe('42501')
    const forged = await rui.client.from(notes).insert({ body: 'theirs', owner: ana.id })
    expect(forged.error?.code).toBe('42501')
    expect((await adminClient().from(notes).select('body').eq('owner', ana.id)).data).toHaveLength(1)
  })

  test('many first requests at once neither fail nor mix people up', async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => makePerson()))
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        const person = people[i % people.length]
        const { data, error } = (await person?.client.rpc(`fence_context_${suffix}`)) ?? {}
        return { error, same: (data as { uid: string } | null)?.uid === person?.id }
      }),
    )
    expect(answers).toEqual(answers.map(() => ({ error: null, same: true })))
  })

  test('auth.email(), auth.jwt() and the role are those of the token, for nobody too', async () => {
    const ana = await makePerson('Ana')
    const { data } = await ana.client.rpc(`fence_context_${suffix}`)
    expect(data).toMatchObject({
      uid: ana.id,
      role: 'authenticated',
      user: 'authenticated',
      email: ana.email,
      method: 'POST',
      timeout: '8s',
      jwt: { sub: ana.id, user_metadata: { display_name: 'Ana' }, app_metadata: { provider: 'email' } },
    })
    const nobody = await anonymousClient().rpc(`fence_context_${suffix}`)
    expect(nobody.data).toMatchObject({ uid: null, role: 'anon', user: 'anon', email: null })
    const secret = await adminClient().rpc(`fence_context_${suffix}`)
    expect(secret.data).toMatchObject({ uid: null, role: 'service_role', user: 'service_role' })
  })

  test('a revoked right stays revoked: no request of anybody grants anything', async () => {
    const before = await privileges()
    await anonymousClient().from(open).select('*')
    await (await makePerson()).client.from(open).select('*')
    expect(await privileges()).toEqual(before)
    expect((await anonymousClient().from(open).select('*')).error?.code).toBe('42501')
  })

  const privileges = () => sql`
    select table_schema, table_name, grantee, privilege_type from information_schema.role_table_grants
    where grantee in ('anon', 'authenticated') order by 1, 2, 3, 4`

  test('a statement that takes too long is ended, and nothing after it runs as somebody else', async () => {
    const slow = await anonymousClient().rpc(`fence_sleep_${suffix}`)
    expect(slow.error?.code).toBe('57014')
    expect((await anonymousClient().rpc(`fence_context_${suffix}`)).data).toMatchObject({ role: 'anon' })
  })
})

describe('what the schema says', () => {
  test('a table made, changed or dropped while running is known at once', async () => {
    const name = `fence_later_${suffix}`
    const columns = async (column: string) => adminClient().from(name).select(column)
    expect((await columns('id')).error?.code).toBe('PGRST205')
    await sql.unsafe(`create table public.${name} (id int); grant all on public.${name} to service_role`)
    await until(
      () => columns('id'),
      ({ error }) => error === null,
    )
    await sql.unsafe(`alter table public.${name} add column more int`)
    await until(
      () => columns('more'),
      ({ error }) => error === null,
    )
    await sql.unsafe(`drop table public.${name}`)
    await until(
      () => columns('id'),
      ({ error }) => error?.code === 'PGRST205',
    )
  })

  test('only the schema public is shown', async () => {
    for (const schema of ['auth', 'storage', 'private', 'cron', 'net', 'realtime', 'supabase_migrations']) {
      const { error } = await adminClient().schema(schema).from('users').select('*')
      expect(error?.code).toBe('PGRST106')
    }
  })
})

describe('values and errors on the wire', () => {
  test('bytea travels as hex both ways, timestamps as ISO 8601', async () => {
    const { client } = await makePerson()
    const { data, error } = await client
      .from(notes)
      .insert({ body: 'bytes', bytes: '\\x00ff10' })
      .select()
      .single()
    expect(error).toBeNull()
    expect(data).toMatchObject({
      bytes: '\\x00ff10',
      at: '2026-02-03T04:05:06.789+00:00',
      plain: '2026-02-03T04:05:06',
    })
    const [row] = await sql`select encode(bytes, 'hex') as hex from ${sql(notes)} where id = ${data.id}`
    expect(row?.['hex']).toBe('00ff10')
  })

  test.each([400, 401, 403, 404, 409, 410, 413, 422, 429])(
    'errcode PT%d becomes that HTTP status',
    async (status) => {
      const { client } = await makePerson()
      const answer = await client.rpc(`fence_fail_${suffix}`, { status: String(status) })
      expect(answer.status).toBe(status)
      expect(answer.error).toMatchObject({
        code: `PT${status}`,
        message: 'told to',
        details: 'machine_code',
        hint: 'a hint',
      })
    },
  )

  test('a body over the limit is 413 with a reason, whether it says its length or not', async () => {
    const headers = { apikey: stack.SUPABASE_PUBLISHABLE_KEY, 'content-type': 'application/json' }
    const big = new Uint8Array(33 * 1024 * 1024).fill(32)
    let left = 33
    const streamed = new ReadableStream({
      pull(controller) {
        if (left-- === 0) controller.close()
        else controller.enqueue(big.subarray(0, 1024 * 1024))
      },
    })
    for (const body of [big, streamed]) {
      const response = await fetch(`${stack.SUPABASE_URL}/rest/v1/rpc/push`, {
        method: 'POST',
        headers,
        body,
        duplex: 'half',
      } as RequestInit)
      expect(response.status).toBe(413)
      expect(await response.json()).toMatchObject({ code: 'payload_too_large' })
    }
  })

  test('a failed check and a plain exception are the caller’s errors, with their code', async () => {
    const { client } = await makePerson()
    const long = await client.from(notes).insert({ body: 'x'.repeat(60) })
    expect(long).toMatchObject({ status: 400, error: { code: '23514' } })
    const plain = await client.rpc(`fence_raise_${suffix}`)
    expect(plain).toMatchObject({ status: 400, error: { code: 'P0001', message: 'a plain refusal' } })
  })

  test('a body that is not JSON is a clear error', async () => {
    const response = await fetch(`${stack.SUPABASE_URL}/rest/v1/rpc/push`, {
      method: 'POST',
      headers: { apikey: stack.SUPABASE_PUBLISHABLE_KEY, 'content-type': 'application/json' },
      body: '{"ops": ',
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'PGRST102' })
  })
})
