-- Edits told directly between devices, before the log has them: `edits:<workspace>` and `edits:conv:<id>`. Every
-- member hears them. Who may write may speak there and nobody else, since a device that hears an edit which nobody
-- confirms pushes it in the end, under its own name ([S18] in docs/sync.md): a viewer must have no way to be pushed.

create or replace function private.workspace_of_topic(topic text)
returns uuid
language sql
stable
security definer
set search_path = ''
as $$
  select case
    when topic ~ '^(here|ws|edits):[0-9a-f-]{36}$' then private.uuid_or_null(right(topic, 36))
    when topic ~ '^((here|edits):)?conv:[0-9A-Z]{26}$'
      then private.workspace_of_conversation('conv/' || right(topic, 26))
  end
$$;

create or replace function private.may_speak(topic text)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select case
    when topic like 'here:%' then private.may_hear(topic)
    when topic like 'edits:%'
      then private.role_in(private.workspace_of_topic(topic)) in ('owner', 'admin', 'agent')
    else false
  end
$$;
