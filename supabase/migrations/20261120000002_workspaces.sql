-- People and where they belong. A workspace is the wall that everything else stands behind.

create table public.workspaces (
  id uuid primary key default gen_random_uuid(),
  name text not null check (char_length(name) between 1 and 80),
  slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(slug) <= 60),
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now()
);
create index workspaces_created_by on public.workspaces (created_by);

create table public.memberships (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role text not null check (role in ('owner', 'admin', 'agent', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (workspace_id, user_id)
);
-- The primary key answers "who is in this workspace", this one "where does this person belong".
create index memberships_user on public.memberships (user_id, workspace_id) include (role);

create table public.profiles (
  user_id uuid primary key references auth.users (id) on delete cascade,
  display_name text not null check (char_length(display_name) between 1 and 80),
  locale text check (locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  updated_at timestamptz not null default now()
);

-- ------------------------------------------------------------------- who is who, for the policies
-- `security definer`: a policy on memberships that read memberships as the caller would call itself.
create function private.role_in(workspace uuid)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select m.role
  from public.memberships m
  where m.workspace_id = role_in.workspace and m.user_id = (select auth.uid())
$$;

-- Sets, not per-row calls: `id in (select …)` is evaluated once for a query.
create function private.my_workspace_ids()
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select m.workspace_id from public.memberships m where m.user_id = (select auth.uid())
$$;

create function private.my_administered_workspace_ids()
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select m.workspace_id
  from public.memberships m
  where m.user_id = (select auth.uid()) and m.role in ('owner', 'admin')
$$;

create function private.my_colleague_ids()
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select colleague.user_id
  from public.memberships mine
  join public.memberships colleague on colleague.workspace_id = mine.workspace_id
  where mine.user_id = (select auth.uid())
$$;

-- ------------------------------------------------------------------------------------- policies
alter table public.workspaces enable row level security;
alter table public.memberships enable row level security;
alter table public.profiles enable row level security;

create policy "members see their workspaces" on public.workspaces
  for select to authenticated
  using (id in (select private.my_workspace_ids()));

create policy "members see who else is a member" on public.memberships
  for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));

create policy "people see themselves and their colleagues" on public.profiles
  for select to authenticated
  using (
    user_id = (select auth.uid())
    or user_id in (select private.my_colleague_ids())
  );

-- Insert as well as update: sign-up goes on when the trigger below fails, so a profile may be missing.
create policy "people write their own profile" on public.profiles
  for insert to authenticated
  with check (user_id = (select auth.uid()));

create policy "people change their own profile" on public.profiles
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

revoke all on public.workspaces, public.memberships, public.profiles from public, anon, authenticated;
grant select on public.workspaces, public.memberships, public.profiles to authenticated;
grant insert (user_id, display_name, locale), update (display_name, locale) on public.profiles
  to authenticated;
grant all on public.workspaces, public.memberships, public.profiles to service_role;

-- ------------------------------------------------------------------------------------- profiles
create function private.touch_profile()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end
$$;

create trigger touch_profile before update on public.profiles
  for each row execute function private.touch_profile();

create function private.make_profile()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  -- Metadata is written by whoever signs up: take what fits and leave the rest.
  meta jsonb := coalesce(to_jsonb(new.raw_user_meta_data), '{}'::jsonb);
  wanted_name text := btrim(left(coalesce(meta ->> 'display_name', ''), 80));
  wanted_locale text := meta ->> 'locale';
begin
  insert into public.profiles (user_id, display_name, locale)
  values (
    new.id,
    coalesce(nullif(wanted_name, ''), nullif(left(split_part(coalesce(new.email, ''), '@', 1), 80), ''), '–'),
    case when wanted_locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' then wanted_locale end
  )
  on conflict (user_id) do nothing;
  return new;
exception when others then
  -- A profile is a nicety, an account is not: nothing here may keep a person out.
  raise warning 'profile of % was not made: %', new.id, sqlstate;
  return new;
end
$$;

create trigger make_profile after insert on auth.users
  for each row execute function private.make_profile();

revoke execute on all functions in schema private from public, anon, authenticated;
grant execute on function
  private.uuid_or_null(text),
  private.role_in(uuid),
  private.my_workspace_ids(),
  private.my_administered_workspace_ids(),
  private.my_colleague_ids()
  to authenticated;
