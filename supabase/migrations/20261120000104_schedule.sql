-- The schedule: each minute the database looks whether a document is due, and calls the function `compact` when one
-- is. It needs pg_cron, pg_net, and the address and the secret key of the functions; where one of them is missing it
-- does nothing, and `health` says so.

-- From private.settings, or from the Vault where a project has one: a dump of the database then holds no key.
create function private.functions_setting(name text)
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  value text := (select s.value from private.settings s where s.key = name);
begin
  if value is null and to_regclass('vault.decrypted_secrets') is not null then
    execute 'select decrypted_secret from vault.decrypted_secrets where name = $1'
      into value using 'tideline_' || name;
  end if;
  return value;
end
$$;

-- Where the functions are (`https://<project>/functions/v1`) and the key that they take from a schedule.
create function private.set_functions_access(url text, key text)
returns void
language sql
set search_path = ''
as $$
  insert into private.settings (key, value)
  values ('functions_url', rtrim(url, '/')), ('functions_key', set_functions_access.key)
  on conflict (key) do update set value = excluded.value
$$;

create function private.can_call_functions()
returns boolean
language sql
stable
set search_path = ''
as $$
  select to_regprocedure('net.http_post(text,jsonb,jsonb,jsonb,integer)') is not null
    and private.functions_setting('functions_url') is not null
    and private.functions_setting('functions_key') is not null
$$;

-- Asks for a call that is made after this transaction; nobody waits for its answer.
create function private.call_function(name text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  key constant text := private.functions_setting('functions_key');
begin
  -- Only the older keys are tokens as well.
  perform net.http_post(
    private.functions_setting('functions_url') || '/' || name, '{}'::jsonb, '{}'::jsonb,
    jsonb_build_object('Content-Type', 'application/json', 'apikey', key)
      || case when key like 'sb\_%' then '{}' else jsonb_build_object('Authorization', 'Bearer ' || key) end,
    60000);
end
$$;

create function private.compact_when_due()
returns void
language plpgsql
set search_path = ''
as $$
begin
  if private.can_call_functions()
    -- What grows old is looked at once an hour.
    and (extract(minute from clock_timestamp()) = 17 or exists (select 1 from private.due_documents())) then
    perform private.call_function('compact');
  end if;
end
$$;

-- Run again where pg_cron was enabled later. True: the schedule is laid.
create function private.lay_schedule()
returns boolean
language plpgsql
set search_path = ''
as $$
begin
  if to_regprocedure('cron.schedule(text,text,text)') is null then
    return false;
  end if;
  perform cron.schedule('tideline compact', '* * * * *', 'select private.compact_when_due()');
  return true;
end
$$;

select private.lay_schedule();

create or replace function public.check_installation()
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  latest text;
  scheduled boolean := false;
begin
  -- The Supabase CLI and the embedded stack both keep their record here. Whoever applied the files by
  -- hand has none.
  if to_regclass('supabase_migrations.schema_migrations') is not null then
    execute 'select max(version) from supabase_migrations.schema_migrations' into latest;
  end if;
  if to_regclass('cron.job') is not null then
    execute 'select exists (select 1 from cron.job where jobname = $1 and active)'
      into scheduled using 'tideline compact';
  end if;
  return jsonb_build_object(
    'latest_migration', latest,
    'realtime_send', to_regprocedure('realtime.send(jsonb,text,text,boolean)') is not null,
    'realtime_policies', (
      select count(*) from pg_catalog.pg_policies p
      where p.schemaname = 'realtime' and p.tablename = 'messages'
        and p.policyname in ('members hear their topics', 'members speak where they meet')) = 2,
    'storage_policies', (
      select count(*) from pg_catalog.pg_policies p
      where p.schemaname = 'storage' and p.tablename = 'objects'
        and p.policyname like '% attachments') = 4,
    'profile_trigger', exists (
      select 1 from pg_catalog.pg_trigger t
      where t.tgname = 'make_profile' and t.tgrelid = 'auth.users'::regclass and t.tgenabled <> 'D'),
    'invitation_secret', exists (
      select 1 from private.settings s where s.key = 'invitation_secret' and length(s.value) = 64),
    'scheduled', scheduled,
    'functions_known', private.can_call_functions(),
    'stuck_documents', (select count(*) from private.compactions c where c.attempts > 2));
end
$$;

revoke execute on function
  private.functions_setting(text),
  private.set_functions_access(text, text),
  private.can_call_functions(),
  private.call_function(text),
  private.compact_when_due(),
  private.lay_schedule()
  from public, anon, authenticated;
