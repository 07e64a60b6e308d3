-- The roles and default grants that a Supabase project has before its first migration. Roles belong
-- to the whole cluster, so on a PostgreSQL of one's own they may be there already.
do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('anon', 'nologin noinherit'),
      ('authenticated', 'nologin noinherit'),
      ('service_role', 'nologin noinherit bypassrls'),
      ('authenticator', 'nologin noinherit'),
      ('supabase_admin', 'nologin'),
      ('supabase_auth_admin', 'nologin noinherit'),
      ('supabase_storage_admin', 'nologin noinherit'),
      ('dashboard_user', 'nologin'),
      ('postgres', 'nologin')
    ) as roles (name, attributes)
  loop
    if not exists (select from pg_roles where rolname = wanted.name) then
      execute format('create role %I %s', wanted.name, wanted.attributes);
    end if;
  end loop;
end
$$;

grant anon, authenticated, service_role to authenticator;

-- Once, on a database that has no `auth` yet: a migration may take a default grant back, and it must
-- stay so at the next start.
do $$
begin
  if to_regnamespace('auth') is not null then
    return;
  end if;
  create schema if not exists extensions;
  grant usage on schema public, extensions to postgres, anon, authenticated, service_role;
  alter default privileges in schema public grant all on tables to postgres, anon, authenticated, service_role;
  alter default privileges in schema public grant all on functions to postgres, anon, authenticated, service_role;
  alter default privileges in schema public grant all on sequences to postgres, anon, authenticated, service_role;
  alter default privileges in schema extensions grant all on functions
    to postgres, anon, authenticated, service_role;
end
$$;

do $$
declare
  extension text;
begin
  foreach extension in array array['pgcrypto', 'uuid-ossp'] loop
    if exists (select from pg_available_extensions where name = extension)
      and not exists (select from pg_extension where extname = extension) then
      execute format('create extension %I with schema extensions', extension);
    end if;
  end loop;
  execute format('alter database %I set search_path to "$user", public, extensions', current_database());
end
$$;

do $$
begin
  if not exists (select from pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
  end if;
end
$$;
