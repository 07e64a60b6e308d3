-- Making a workspace and changing who may do what in it. Every change of membership takes the
-- workspace's row lock first, so that two owners who leave at once cannot leave it without one.

create function private.slug_of(name text)
returns text
language sql
immutable
set search_path = ''
as $$
  select coalesce(
    nullif(
      btrim(
        left(
          regexp_replace(
            translate(lower(slug_of.name),
              'áàâãäåéèêëíìîïóòôõöúùûüçñ',
              'aaaaaaeeeeiiiiooooouuuucn'),
            '[^a-z0-9]+', '-', 'g'),
          48),
        '-'),
      ''),
    'workspace')
$$;

create function public.create_workspace(name text)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  person uuid := private.caller_with_account();
  wanted text := btrim(coalesce(create_workspace.name, ''));
  base text := private.slug_of(wanted);
  made uuid;
begin
  if char_length(wanted) not between 1 and 80 then
    perform private.refuse(400, 'bad_request', 'A workspace needs a name of 1 to 80 characters.');
  end if;
  -- The plain slug for the first of a name, a few random characters for the others. A slug is for
  -- people to recognise, not for a machine to count on.
  insert into public.workspaces (name, slug, created_by)
  values (wanted, base, person)
  on conflict (slug) do nothing
  returning id into made;
  if made is null then
    insert into public.workspaces (name, slug, created_by)
    values (wanted, base || '-' || left(replace(gen_random_uuid()::text, '-', ''), 8), person)
    returning id into made;
  end if;
  insert into public.memberships (workspace_id, user_id, role) values (made, person, 'owner');
  return made;
end
$$;

create function public.my_workspaces()
returns table (id uuid, name text, slug text, role text)
language sql
stable
security definer
set search_path = ''
as $$
  select w.id, w.name, w.slug, m.role
  from public.memberships m
  join public.workspaces w on w.id = m.workspace_id
  where m.user_id = (select auth.uid())
  order by w.name, w.id
$$;

-- The caller's role, with the workspace locked. Outsiders get the same words as for a workspace that
-- does not exist.
create function private.lock_workspace(workspace uuid)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  person uuid := private.caller();
  role_of_caller text;
begin
  perform 1 from public.workspaces w where w.id = lock_workspace.workspace for no key update;
  select m.role into role_of_caller
  from public.memberships m
  where m.workspace_id = lock_workspace.workspace and m.user_id = person;
  if role_of_caller is null then
    perform private.refuse(403, 'not_a_member', 'You are not a member of this workspace.');
  end if;
  return role_of_caller;
end
$$;

create function private.refuse_to_lose_last_owner(workspace uuid, leaving uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if not exists (
    select 1 from public.memberships m
    where m.workspace_id = workspace and m.role = 'owner' and m.user_id <> leaving
  ) then
    perform private.refuse(409, 'last_owner', 'A workspace keeps at least one owner.',
      'Make somebody else an owner first.');
  end if;
end
$$;

create function public.set_member_role(workspace uuid, member uuid, role text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  mine text := private.lock_workspace(set_member_role.workspace);
  theirs text;
begin
  if set_member_role.role is null or set_member_role.role not in ('owner', 'admin', 'agent', 'viewer') then
    perform private.refuse(400, 'bad_request', 'A role is one of owner, admin, agent, viewer.');
  end if;
  select m.role into theirs
  from public.memberships m
  where m.workspace_id = set_member_role.workspace and m.user_id = set_member_role.member;
  if theirs is null then
    perform private.refuse(404, 'no_such_member', 'This person is not a member of this workspace.');
  end if;
  if mine not in ('owner', 'admin')
    or (mine = 'admin' and 'owner' in (theirs, set_member_role.role)) then
    perform private.refuse(403, 'not_allowed', 'Your role does not allow this change.',
      'An owner can do it.');
  end if;
  if theirs = 'owner' and set_member_role.role <> 'owner' then
    perform private.refuse_to_lose_last_owner(set_member_role.workspace, set_member_role.member);
  end if;
  update public.memberships m
  set role = set_member_role.role
  where m.workspace_id = set_member_role.workspace and m.user_id = set_member_role.member;
  perform private.revoke_excessive_invitations(set_member_role.workspace, set_member_role.member);
end
$$;

create function public.remove_member(workspace uuid, member uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  mine text := private.lock_workspace(remove_member.workspace);
  theirs text;
begin
  select m.role into theirs
  from public.memberships m
  where m.workspace_id = remove_member.workspace and m.user_id = remove_member.member;
  if theirs is null then
    perform private.refuse(404, 'no_such_member', 'This person is not a member of this workspace.');
  end if;
  -- Everybody may leave.
  if remove_member.member <> (select auth.uid())
    and (mine not in ('owner', 'admin') or (mine = 'admin' and theirs = 'owner')) then
    perform private.refuse(403, 'not_allowed', 'Your role does not allow removing this member.',
      'An owner can do it.');
  end if;
  if theirs = 'owner' then
    perform private.refuse_to_lose_last_owner(remove_member.workspace, remove_member.member);
  end if;
  delete from public.memberships m
  where m.workspace_id = remove_member.workspace and m.user_id = remove_member.member;
  perform private.revoke_excessive_invitations(remove_member.workspace, remove_member.member);
end
$$;

revoke execute on function
  public.create_workspace(text),
  public.my_workspaces(),
  public.set_member_role(uuid, uuid, text),
  public.remove_member(uuid, uuid)
  from public, anon;
grant execute on function
  public.create_workspace(text),
  public.my_workspaces(),
  public.set_member_role(uuid, uuid, text),
  public.remove_member(uuid, uuid)
  to authenticated;
revoke execute on function
  private.slug_of(text),
  private.lock_workspace(uuid),
  private.refuse_to_lose_last_owner(uuid, uuid)
  from public, anon, authenticated;
