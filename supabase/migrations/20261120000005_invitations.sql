-- Invitations by signed link. Who may join, until when and as what is always read from the row, so that
-- withdrawing a link works at once.

create table public.invitations (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  role text not null check (role in ('owner', 'admin', 'agent', 'viewer')),
  -- Set: only this address may accept. Empty: whoever holds the link may.
  email text check (email = lower(btrim(email)) and email ~ '^[^@\s]+@[^@\s]+$' and char_length(email) <= 254),
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '7 days',
  accepted_by uuid references auth.users (id) on delete set null,
  accepted_at timestamptz,
  revoked_at timestamptz
);
create index invitations_workspace on public.invitations (workspace_id, created_at desc);
create index invitations_created_by on public.invitations (created_by);
create index invitations_accepted_by on public.invitations (accepted_by);

alter table public.invitations enable row level security;
create policy "owners and admins see the invitations" on public.invitations
  for select to authenticated
  using (workspace_id in (select private.my_administered_workspace_ids()));

revoke all on public.invitations from public, anon, authenticated;
grant select on public.invitations to authenticated;
grant all on public.invitations to service_role;

create function private.invitation_state(invitation public.invitations)
returns text
language sql
stable
set search_path = ''
as $$
  select case
    when invitation.id is null then 'invalid'
    when invitation.accepted_at is not null then 'accepted'
    -- Nobody vouches any more for the link of an account that was deleted.
    when invitation.revoked_at is not null or invitation.created_by is null then 'revoked'
    when invitation.expires_at <= now() then 'expired'
    else 'open'
  end
$$;

create function public.create_invitation(workspace uuid, role text, email text default null)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  person uuid := private.caller_with_account();
  -- Locked: an admin who is demoted at this moment must not leave a link that the demotion does not see.
  mine text := private.lock_workspace(create_invitation.workspace);
  address text := lower(nullif(btrim(create_invitation.email), ''));
  made public.invitations;
begin
  if create_invitation.role is null
    or create_invitation.role not in ('owner', 'admin', 'agent', 'viewer') then
    perform private.refuse(400, 'bad_request', 'A role is one of owner, admin, agent, viewer.');
  end if;
  if address is not null and (address !~ '^[^@\s]+@[^@\s]+$' or char_length(address) > 254) then
    perform private.refuse(400, 'bad_request', 'This is not an e-mail address.');
  end if;
  if mine not in ('owner', 'admin') or (mine = 'admin' and create_invitation.role = 'owner') then
    perform private.refuse(403, 'not_allowed', 'Your role does not allow inviting somebody as this.',
      'An owner can do it.');
  end if;
  insert into public.invitations (workspace_id, role, email, created_by)
  values (create_invitation.workspace, create_invitation.role, address, person)
  returning * into made;
  return jsonb_build_object(
    'id', made.id, 'token', private.sign_invitation(made.id), 'expires_at', made.expires_at);
end
$$;

-- Anybody who holds the link may see what it leads to before signing up.
create function public.describe_invitation(token text)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  invitation public.invitations;
  answer jsonb;
begin
  select * into invitation from public.invitations i where i.id = private.invitation_of(token);
  if invitation.id is null then
    return jsonb_build_object('workspace_name', null, 'role', null, 'inviter', null, 'state', 'invalid');
  end if;
  select jsonb_build_object(
      'workspace_name', w.name,
      'role', invitation.role,
      'inviter', p.display_name,
      'state', private.invitation_state(invitation))
  into answer
  from public.workspaces w
  left join public.profiles p on p.user_id = invitation.created_by
  where w.id = invitation.workspace_id;
  return answer;
end
$$;

create function public.accept_invitation(token text)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  person uuid := private.caller_with_account();
  wanted uuid := private.invitation_of(token);
  invitation public.invitations;
begin
  -- The workspace's lock before the invitation's row, as everywhere that membership changes.
  perform 1
  from public.workspaces w
  join public.invitations i on i.workspace_id = w.id
  where i.id = wanted
  for no key update of w;
  select * into invitation from public.invitations i where i.id = wanted for update;

  if invitation.id is null then
    perform private.refuse(404, 'invitation_invalid', 'This invitation link is not valid.',
      'Ask for a new one.');
  end if;
  -- A member who opens a link keeps the role it has, and the link stays for somebody else.
  if exists (
    select 1 from public.memberships m
    where m.workspace_id = invitation.workspace_id and m.user_id = person
  ) then
    return jsonb_build_object('workspace_id', invitation.workspace_id);
  end if;
  case private.invitation_state(invitation)
    when 'accepted' then
      perform private.refuse(409, 'invitation_accepted', 'This invitation was used already.',
        'Ask for a new one.');
    when 'revoked' then
      perform private.refuse(410, 'invitation_revoked', 'This invitation was withdrawn.',
        'Ask for a new one.');
    when 'expired' then
      perform private.refuse(410, 'invitation_expired', 'This invitation has expired.',
        'Ask for a new one.');
    else null;
  end case;
  if invitation.email is not null
    and not exists (
      select 1 from auth.users u where u.id = person and lower(u.email) = invitation.email
    ) then
    perform private.refuse(403, 'invitation_for_another', 'This invitation is for another e-mail address.',
      'Sign in with the address that was invited.');
  end if;

  insert into public.memberships (workspace_id, user_id, role)
  values (invitation.workspace_id, person, invitation.role);
  update public.invitations i set accepted_by = person, accepted_at = now() where i.id = invitation.id;
  return jsonb_build_object('workspace_id', invitation.workspace_id);
end
$$;

create function public.revoke_invitation(id uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  person uuid := private.caller();
  invitation public.invitations;
  mine text;
begin
  select * into invitation from public.invitations i where i.id = revoke_invitation.id for update;
  mine := private.role_in(invitation.workspace_id);
  -- A foreign invitation and a missing one look the same.
  if mine is null or mine not in ('owner', 'admin') then
    perform private.refuse(403, 'not_allowed', 'Your role does not allow withdrawing this invitation.');
  end if;
  if invitation.accepted_at is not null then
    perform private.refuse(409, 'invitation_accepted', 'This invitation was used already.',
      'Remove the member instead.');
  end if;
  update public.invitations i
  set revoked_at = now()
  where i.id = revoke_invitation.id and i.revoked_at is null;
end
$$;

-- A link must not outlive the right to have made it: after a demotion or a removal the open
-- invitations that this person could not make any more are withdrawn.
create function private.revoke_excessive_invitations(workspace uuid, member uuid)
returns void
language sql
security definer
set search_path = ''
as $$
  update public.invitations i
  set revoked_at = now()
  where i.workspace_id = workspace and i.created_by = member
    and i.accepted_at is null and i.revoked_at is null
    and not exists (
      select 1 from public.memberships m
      where m.workspace_id = workspace and m.user_id = member
        and (m.role = 'owner' or (m.role = 'admin' and i.role <> 'owner'))
    )
$$;

revoke execute on function
  public.create_invitation(uuid, text, text),
  public.describe_invitation(text),
  public.accept_invitation(text),
  public.revoke_invitation(uuid)
  from public, anon;
grant execute on function
  public.create_invitation(uuid, text, text),
  public.describe_invitation(text),
  public.accept_invitation(text),
  public.revoke_invitation(uuid)
  to authenticated;
grant execute on function public.describe_invitation(text) to anon;
revoke execute on function
  private.invitation_state(public.invitations),
  private.revoke_excessive_invitations(uuid, uuid)
  from public, anon, authenticated;
