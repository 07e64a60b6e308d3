-- Attachments: one private bucket, the first folder of a path is the workspace. Members read; owners,
-- admins and agents write.

create function private.may_read_path(path text)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select private.uuid_or_null(split_part(path, '/', 1)) in (select private.my_workspace_ids())
$$;

create function private.may_write_path(path text)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select 1 from public.memberships m
    where m.user_id = (select auth.uid())
      and m.workspace_id = private.uuid_or_null(split_part(path, '/', 1))
      and m.role in ('owner', 'admin', 'agent')
      -- A file of the workspace has a name: nothing is stored as the folder itself.
      and split_part(path, '/', 2) <> ''
  )
$$;

-- A function for the same reason as private.lay_realtime_policies().
create function private.lay_storage_policies()
returns boolean
language plpgsql
set search_path = ''
as $$
begin
  if to_regclass('storage.buckets') is null or to_regclass('storage.objects') is null then
    return false;
  end if;
  -- Also turns a bucket of this name that somebody made public by hand back.
  execute $bucket$
    insert into storage.buckets (id, name, public) values ('attachments', 'attachments', false)
    on conflict (id) do update set public = false
  $bucket$;
  execute 'drop policy if exists "members read attachments" on storage.objects';
  execute $policy$
    create policy "members read attachments" on storage.objects
      for select to authenticated
      using (bucket_id = 'attachments' and private.may_read_path(name))
  $policy$;
  execute 'drop policy if exists "agents add attachments" on storage.objects';
  execute $policy$
    create policy "agents add attachments" on storage.objects
      for insert to authenticated
      with check (bucket_id = 'attachments' and private.may_write_path(name))
  $policy$;
  execute 'drop policy if exists "agents replace attachments" on storage.objects';
  execute $policy$
    create policy "agents replace attachments" on storage.objects
      for update to authenticated
      using (bucket_id = 'attachments' and private.may_write_path(name))
      with check (bucket_id = 'attachments' and private.may_write_path(name))
  $policy$;
  execute 'drop policy if exists "agents remove attachments" on storage.objects';
  execute $policy$
    create policy "agents remove attachments" on storage.objects
      for delete to authenticated
      using (bucket_id = 'attachments' and private.may_write_path(name))
  $policy$;
  return true;
end
$$;

revoke execute on function
  private.may_read_path(text),
  private.may_write_path(text),
  private.lay_storage_policies()
  from public, anon, authenticated;
grant execute on function private.may_read_path(text), private.may_write_path(text) to authenticated;

select private.lay_storage_policies();
