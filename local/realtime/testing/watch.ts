// Tables of many kinds in the publication, and a client that watches them.

import { randomUUID } from 'node:crypto'
import type { SupabaseClient } from '@supabase/supabase-js'
import { expect } from 'vitest'
import { startTestEndpoint, type TestEndpoint } from './endpoint.ts'
import { Inbox, subscribe } from './inbox.ts'

export async function startWithTables(): Promise<TestEndpoint> {
  const endpoint = await startTestEndpoint()
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
  return endpoint
}

export interface Change {
  eventType: string
  schema: string
  table: string
  commit_timestamp: string
  new: Record<string, unknown>
  old: Record<string, unknown>
  errors: string[] | null
}
export interface System {
  extension: string
  status: string
  message: string
}
export type Asked = { event?: string; schema?: string; table?: string; filter?: unknown; select?: string[] }

/** Subscribes and waits until the server says that changes flow, or why not. */
export async function watch(
  endpoint: TestEndpoint,
  asked: Asked,
  options: { token?: string; vsn?: '1.0.0'; client?: SupabaseClient } = {},
) {
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
