-- What Supabase Realtime gives in the database, under its real names (schema `realtime`), and what this
-- endpoint needs for itself (schema `_realtime`, closed to every API role). It may be run again at any
-- time: each statement leaves an existing object as it is or replaces a function.
--
-- `_realtime.feed` is the one list of what happened: a message inserted into `realtime.messages`, or a
-- changed row of a table in the publication `supabase_realtime`. Each row carries its transaction id, so
-- a reader that holds a snapshot can ask for exactly what it has not seen. NOTIFY names the row only.

do $$
begin
  perform pg_advisory_xact_lock(hashtext('realtime schema'));
  -- Roles belong to the whole server: another database's install may be making them at this moment.
  begin create role anon nologin noinherit; exception when duplicate_object or unique_violation then null; end;
  begin create role authenticated nologin noinherit; exception when duplicate_object or unique_violation then null; end;
  begin create role service_role nologin noinherit bypassrls; exception when duplicate_object or unique_violation then null; end;
end $$;

create schema if not exists realtime;
create schema if not exists _realtime;
revoke all on schema _realtime from public;
grant usage on schema realtime to anon, authenticated, service_role;

-- The defaults say UTC themselves: a session in another zone would write its own clock. They read the
-- clock and not the start of the transaction, so that a replay keeps the order of one transaction's messages.
create table if not exists realtime.messages (
  topic text not null,
  extension text not null,
  payload jsonb,
  event text,
  private boolean default false,
  updated_at timestamp not null default (clock_timestamp() at time zone 'utc'),
  inserted_at timestamp not null default (clock_timestamp() at time zone 'utc'),
  id uuid not null default gen_random_uuid(),
  binary_payload bytea,
  primary key (id, inserted_at)
);
create index if not exists messages_replay on realtime.messages (topic, inserted_at desc)
  where extension = 'broadcast' and private;
create index if not exists messages_inserted_at on realtime.messages (inserted_at);
alter table realtime.messages enable row level security;
grant select, insert, update on realtime.messages to anon, authenticated, service_role;

create table if not exists _realtime.feed (
  seq bigint generated always as identity primary key,
  xact xid8 not null default pg_current_xact_id(),
  at timestamptz not null default clock_timestamp(),
  message uuid,
  relation oid,
  change jsonb
);
create index if not exists feed_xact on _realtime.feed (xact);
create index if not exists feed_at on _realtime.feed (at);

-- Sending ------------------------------------------------------------------------------------------

create or replace function realtime.topic() returns text language sql stable as $$
  select nullif(current_setting('realtime.topic', true), '')
$$;

-- SECURITY INVOKER: without an insert policy the caller gets a warning and no message, and the caller's
-- own transaction goes on.
create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true)
returns void language plpgsql as $$
declare
  message uuid := gen_random_uuid();
begin
  begin
    perform set_config('realtime.topic', topic, true);
    insert into realtime.messages (id, payload, event, topic, private, extension) values (
      message,
      case when payload ? 'id' then payload else jsonb_set(payload, '{id}', to_jsonb(message)) end,
      event, topic, private, 'broadcast');
  exception when others then
    raise warning 'WarnSendingBroadcastMessage: %', sqlerrm;
  end;
end $$;

create or replace function realtime.send_binary(payload bytea, event text, topic text, private boolean default true)
returns void language plpgsql as $$
begin
  begin
    perform set_config('realtime.topic', topic, true);
    insert into realtime.messages (binary_payload, event, topic, private, extension)
    values (payload, event, topic, private, 'broadcast');
  exception when others then
    raise warning 'WarnSendingBroadcastMessage: %', sqlerrm;
  end;
end $$;

create or replace function realtime.broadcast_changes(
  topic_name text, event_name text, operation text, table_name text, table_schema text,
  new record, old record, level text default 'ROW')
returns void language plpgsql as $$
begin
  if level = 'STATEMENT' then
    raise exception 'function can only be triggered for each row, not for each statement';
  end if;
  if operation not in ('INSERT', 'UPDATE', 'DELETE') then
    raise exception 'Unexpected operation type: %', operation;
  end if;
  perform realtime.send(
    jsonb_build_object('old_record', old, 'record', new, 'operation', operation,
      'table', table_name, 'schema', table_schema),
    event_name, topic_name);
exception when others then
  raise exception 'Failed to process the row: %', sqlerrm;
end $$;

-- Who may ------------------------------------------------------------------------------------------

-- Becomes the caller: role, claims and topic, as policies read them.
create or replace function _realtime.become(topic text, role text, claims jsonb, headers jsonb)
returns void language sql as $$
  select
    set_config('realtime.topic', topic, true),
    set_config('request.jwt.claims', claims::text, true),
    set_config('request.jwt.claim.sub', coalesce(claims ->> 'sub', ''), true),
    set_config('request.jwt.claim.role', coalesce(claims ->> 'role', ''), true),
    set_config('request.headers', headers::text, true),
    set_config('role', role, true)
$$;

-- Reads and writes are tried, then undone: the raise at the end of the inner block takes back the two
-- rows, the role and the claims together, and the variables keep what was seen. The rows carry no event,
-- so nothing is put on the feed.
create or replace function _realtime.decide(
  subtopic text, role text, claims jsonb, headers jsonb,
  out read_broadcast boolean, out read_presence boolean,
  out write_broadcast boolean, out write_presence boolean, out failure text)
language plpgsql as $$
declare
  seen text[];
begin
  read_broadcast := false; read_presence := false; write_broadcast := false; write_presence := false;
  begin
    with probe as (
      insert into realtime.messages (topic, extension, private)
      values (subtopic, 'broadcast', true), (subtopic, 'presence', true) returning id)
    select array_agg(id::text) into seen from probe;
    perform _realtime.become(subtopic, role, claims, headers);
    begin
      select coalesce(bool_or(m.extension = 'broadcast'), false), coalesce(bool_or(m.extension = 'presence'), false)
        into read_broadcast, read_presence
        from realtime.messages m where m.topic = subtopic and m.id = any (seen::uuid[]);
    exception when others then
      failure := sqlstate;
    end;
    begin
      insert into realtime.messages (topic, extension, private) values (subtopic, 'broadcast', true);
      write_broadcast := true;
    exception when insufficient_privilege then null; when others then failure := sqlstate;
    end;
    begin
      insert into realtime.messages (topic, extension, private) values (subtopic, 'presence', true);
      write_presence := true;
    exception when insufficient_privilege then null; when others then failure := sqlstate;
    end;
    raise exception using errcode = 'RT000';
  exception when sqlstate 'RT000' then null; when others then failure := sqlstate;
  end;
end $$;

-- The feed -----------------------------------------------------------------------------------------

create or replace function _realtime.feed_message() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  entry bigint;
begin
  insert into _realtime.feed (message) values (new.id) returning seq into entry;
  perform pg_catalog.pg_notify('realtime_feed', entry::text);
  return null;
end $$;

drop trigger if exists feed_message on realtime.messages;
create trigger feed_message after insert on realtime.messages
  for each row when (new.extension = 'broadcast' and new.event is not null)
  execute function _realtime.feed_message();

-- Old rows -----------------------------------------------------------------------------------------

-- Three days of messages, as the real server keeps; ten minutes of feed, which only an endpoint that
-- lost its connection reads back.
create or replace function _realtime.prune() returns void language sql as $$
  delete from realtime.messages where inserted_at < (now() at time zone 'utc') - interval '72 hours';
  delete from _realtime.feed where at < now() - interval '10 minutes';
$$;
