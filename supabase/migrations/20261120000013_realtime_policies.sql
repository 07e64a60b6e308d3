-- Who may hear and speak on which topic. `ws:<workspace>` and `conv:<conversation>` carry the server's
-- word: members listen, and nobody but the database sends. `here:ws…` and `here:conv:…` carry presence
-- and hints between members, and a viewer is a member too.

-- The workspace behind a topic, or null for anything that is not one of ours. It must never raise:
-- the topic is whatever a stranger typed.
create function private.workspace_of_topic(topic text)
returns uuid
language sql
stable
security definer
set search_path = ''
as $$
  select case
    when topic ~ '^(here|ws):[0-9a-f-]{36}$' then private.uuid_or_null(right(topic, 36))
    when topic ~ '^(here:)?conv:[0-9A-Z]{26}$'
      then private.workspace_of_conversation('conv/' || right(topic, 26))
  end
$$;

create function private.may_hear(topic text)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select private.workspace_of_topic(topic) in (select private.my_workspace_ids())
$$;

create function private.may_speak(topic text)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select topic like 'here:%' and private.may_hear(topic)
$$;

-- A function, so that an installation whose Realtime came up after the migrations can lay them later:
-- select private.lay_realtime_policies();
create function private.lay_realtime_policies()
returns boolean
language plpgsql
set search_path = ''
as $$
begin
  if to_regclass('realtime.messages') is null
    or to_regprocedure('realtime.topic()') is null then
    return false;
  end if;
  execute 'drop policy if exists "members hear their topics" on realtime.messages';
  execute $policy$
    create policy "members hear their topics" on realtime.messages
      for select to authenticated
      using (extension in ('broadcast', 'presence') and (select private.may_hear(realtime.topic())))
  $policy$;
  execute 'drop policy if exists "members speak where they meet" on realtime.messages';
  execute $policy$
    create policy "members speak where they meet" on realtime.messages
      for insert to authenticated
      with check (extension in ('broadcast', 'presence') and (select private.may_speak(realtime.topic())))
  $policy$;
  return true;
end
$$;

revoke execute on function
  private.workspace_of_topic(text),
  private.may_hear(text),
  private.may_speak(text),
  private.lay_realtime_policies()
  from public, anon, authenticated;
grant execute on function private.may_hear(text), private.may_speak(text) to authenticated;

select private.lay_realtime_policies();
