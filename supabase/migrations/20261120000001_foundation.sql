-- What every later migration stands on: the schema that the API never exposes, the settings, and one
-- way to refuse a call. Written for PostgreSQL 15, 17 and 18; no extension is needed.

do $$
begin
  -- Documents hold people's text. Any other encoding would accept bytes that a browser cannot read.
  if current_setting('server_encoding') <> 'UTF8' then
    raise exception 'Tideline needs a database whose encoding is UTF8; this one has %.',
      current_setting('server_encoding')
      using hint = 'Create the database with: create database tideline encoding ''UTF8'' template template0';
  end if;
end
$$;

-- `private` holds what only the database itself may touch. Its tables carry no row level security on
-- purpose: nobody is granted them at all, and the embedded Data API hands out grants on every table
-- of a schema in which it finds a table with row level security.
create schema private;
revoke all on schema private from public;
-- Policies run as the caller, so the caller must be able to name the functions that they use.
grant usage on schema private to authenticated, service_role;

-- Supabase's default privileges give every new table and function to the public roles. Here each
-- migration says what it gives, so that a forgotten line gives nothing.
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke execute on functions from anon, authenticated;

create table private.settings (
  key text primary key,
  value text not null
);
revoke all on private.settings from public, anon, authenticated;

-- 244 random bits out of two uuids (version and variant bits are fixed), hashed to 32 bytes. Links
-- are signed with it; replacing the row makes every open invitation void.
insert into private.settings (key, value)
values (
  'invitation_secret',
  encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex')
);

-- One way to refuse: an SQLSTATE that PostgREST turns into the HTTP status, and a machine code in
-- `details` that clients branch on.
create function private.refuse(status int, code text, message text, hint text default null)
returns void
language plpgsql
set search_path = ''
as $$
begin
  raise exception using
    errcode = 'PT' || status,
    message = message,
    detail = code,
    hint = coalesce(hint, '');
end
$$;

-- The person who calls, or a refusal. `security definer` functions ask this first.
create function private.caller()
returns uuid
language plpgsql
stable
set search_path = ''
as $$
declare
  person uuid := auth.uid();
begin
  if person is null then
    perform private.refuse(401, 'not_signed_in', 'Nobody is signed in.', 'Sign in and call again.');
  end if;
  return person;
end
$$;

-- A visitor of the live chat is signed in anonymously: it may read its own conversation and nothing
-- here. Functions that give a place in a workspace ask this instead of private.caller().
create function private.caller_with_account()
returns uuid
language plpgsql
stable
set search_path = ''
as $$
begin
  if coalesce(auth.jwt() ->> 'is_anonymous', 'false') = 'true' then
    perform private.refuse(403, 'account_needed', 'A visitor without an account cannot do this.',
      'Sign up first.');
  end if;
  return private.caller();
end
$$;

-- Topics and storage paths come from outside: a text that is no uuid must answer null, because a cast
-- that raises inside a policy would turn a refusal into an error.
create function private.uuid_or_null(value text)
returns uuid
language plpgsql
immutable
set search_path = ''
as $$
begin
  return case
    when value ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then value::uuid
  end;
end
$$;

revoke execute on all functions in schema private from public, anon, authenticated;
-- Used inside policies, which run as the caller.
grant execute on function private.uuid_or_null(text) to authenticated;
