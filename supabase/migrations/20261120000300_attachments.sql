-- Files of a workspace: what the bucket takes, what devices ask of it, and the sweep of what no document names any
-- more ([A1] to [A7] in docs/sync-server.md). Which documents name a file is told by the function
-- `sweep-attachments`, which reads Yjs; how long ago that was, and who asked meanwhile, is the database's own word.

alter table private.log_settings
  -- What nobody names is kept so long.
  add column attachment_grace interval not null default '30 days' check (attachment_grace >= interval '1 hour');

-- The bucket refuses what could run in a browser. Devices send such files as bare bytes.
alter function private.lay_storage_policies() rename to lay_storage_access;

create function private.lay_storage_policies()
returns boolean
language plpgsql
set search_path = ''
as $$
begin
  if not private.lay_storage_access() then
    return false;
  end if;
  execute $bucket$
    update storage.buckets set
      file_size_limit = 50 * 1024 * 1024,
      allowed_mime_types = array[
        'image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif', 'image/heic', 'image/heif',
        'audio/*', 'video/*', 'application/pdf', 'text/plain', 'application/octet-stream']
    where id = 'attachments'
  $bucket$;
  return true;
end
$$;

revoke execute on function private.lay_storage_policies() from public, anon, authenticated;
select private.lay_storage_policies();

-- A file by the hash of its bytes; its name in the bucket is `<workspace>/<sha256>`.
create table private.attachment_files (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  sha256 text collate "C" not null check (sha256 ~ '^[0-9a-f]{64}$'),
  -- A device that may write asked for it: it holds the file and counts on the server's copy.
  claimed_at timestamptz not null,
  -- Since then no document names it, as far as documents were read.
  unused_since timestamptz,
  -- Until then it may be on its way out, and nobody is told that it is there.
  leaving_until timestamptz,
  primary key (workspace_id, sha256)
);

-- How far a document was read, and what it names.
create table private.attachment_scans (
  doc_id text collate "C" primary key references public.docs (id) on delete cascade,
  seq bigint not null
);
create table private.attachment_references (
  doc_id text collate "C" not null references public.docs (id) on delete cascade,
  sha256 text collate "C" not null,
  primary key (doc_id, sha256)
);
create index attachment_references_sha256 on private.attachment_references (sha256);

create function private.attachment_objects()
returns table (workspace_id uuid, sha256 text, bytes bigint, stored_at timestamptz)
language plpgsql
stable
set search_path = ''
as $$
begin
  if to_regclass('storage.objects') is null then
    return;
  end if;
  return query execute $objects$
    select private.uuid_or_null(split_part(o.name, '/', 1)), split_part(o.name, '/', 2),
      (o.metadata ->> 'size')::bigint, greatest(o.created_at, o.updated_at)
    from storage.objects o
    where o.bucket_id = 'attachments' and o.name ~ '^[0-9a-f-]{36}/[0-9a-f]{64}$'
  $objects$;
end
$$;

-- Sizes of those files that are there, `"leaving"` for one that is being swept. Whoever may write claims them by
-- asking: a device that holds a file and hears that it is there will not send it.
create function public.attachment_sizes(workspace uuid, files text[])
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  role constant text := private.role_in(workspace);
  leaving text[] := '{}';
  answer jsonb := '{}';
  found record;
begin
  perform private.caller();
  if role is null then
    perform private.refuse(403, 'not_a_member', 'There is no such workspace for this person.');
  end if;
  if coalesce(cardinality(files), 0) > 500 then
    perform private.refuse(400, 'bad_request', 'Ask for at most 500 files at a time.');
  end if;
  if role <> 'viewer' then
    -- In order, so that two devices that ask for the same files never wait for each other in a circle.
    insert into private.attachment_files as known (workspace_id, sha256, claimed_at)
    select workspace, f.sha256, clock_timestamp()
    from (select distinct unnest(files) as sha256) f
    where f.sha256 ~ '^[0-9a-f]{64}$'
    order by f.sha256
    on conflict (workspace_id, sha256) do update set claimed_at = clock_timestamp();
  end if;
  select coalesce(array_agg(f.sha256), '{}') into leaving
  from private.attachment_files f
  where f.workspace_id = workspace and f.sha256 = any (files) and f.leaving_until > clock_timestamp();
  for found in execute
    'select split_part(o.name, ''/'', 2) as sha256, o.metadata -> ''size'' as size from storage.objects o
     where o.bucket_id = ''attachments'' and o.name = any ($1)'
    using array(select workspace || '/' || f from unnest(files) f)
  loop
    answer := answer || jsonb_build_object(found.sha256, found.size);
  end loop;
  select answer || coalesce(jsonb_object_agg(l, 'leaving'), '{}') into answer from unnest(leaving) l;
  return jsonb_build_object('sizes', answer);
end
$$;

-- Documents that may name files, and were written since they were last read.
create function private.unread_documents()
returns setof public.docs
language sql
stable
set search_path = ''
as $$
  select d.*
  from public.docs d
  left join private.attachment_scans s on s.doc_id = d.id
  where d.kind in ('board', 'archive', 'conversation', 'notes')
    and d.head_seq <> coalesce(s.seq, 0)
    and exists (select 1 from private.attachment_files f where f.workspace_id = d.workspace_id)
$$;

-- The next document to be read, or null; `failed` are those that this run could not read. Objects that nobody ever
-- asked for are counted in first.
create function public.next_attachment_scan(failed text[] default '{}')
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into private.attachment_files (workspace_id, sha256, claimed_at)
  select o.workspace_id, o.sha256, o.stored_at
  from private.attachment_objects() o
  join public.workspaces w on w.id = o.workspace_id
  on conflict do nothing;
  return (
    select jsonb_build_object('doc', d.id, 'snapshot', d.snapshot_seq, 'head', d.head_seq)
    from private.unread_documents() d where d.id <> all (failed) order by d.id limit 1);
end
$$;

create function public.read_attachment_scan(doc text, snapshot bigint, head bigint, cursor jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  place constant private.cursor := private.read_cursor(cursor);
  page record;
begin
  select * into page from private.page_of(
    doc, snapshot, head, place.seq, cursor -> 'snapshot', 4 * 1024 * 1024, true);
  return page.answer;
end
$$;

-- What a document names at this place of its log. False: compaction moved under the reading, which may have missed
-- something, or another run knows better.
create function public.write_attachment_scan(doc text, snapshot bigint, head bigint, files text[])
returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  -- A run that was slower than another brings older news. A log that was restored from a backup is shorter.
  insert into private.attachment_scans as known (doc_id, seq)
  select d.id, write_attachment_scan.head from public.docs d
  where d.id = doc and d.head_seq >= write_attachment_scan.head
    and d.snapshot_seq = write_attachment_scan.snapshot
  on conflict (doc_id) do update set seq = excluded.seq
    where known.seq < excluded.seq
      or known.seq > (select d.head_seq from public.docs d where d.id = excluded.doc_id);
  if not found then
    return false;
  end if;
  delete from private.attachment_references r where r.doc_id = doc and r.sha256 <> all (files);
  insert into private.attachment_references (doc_id, sha256)
  select doc, f from (select distinct unnest(files) as f) named where f ~ '^[0-9a-f]{64}$'
  on conflict do nothing;
  return true;
end
$$;

-- Notes which files are named and which are not, and gives those that may go: named by nobody, and asked for by
-- nobody, for the whole of the grace. Only in workspaces all of whose documents were read to their end.
create function public.claim_leaving_attachments()
returns text[]
language plpgsql
security definer
set search_path = ''
as $$
declare
  grace constant interval := (select s.attachment_grace from private.log_settings s);
  moment constant timestamptz := clock_timestamp();
  read uuid[] := array(
    select w.id from public.workspaces w
    where not exists (select 1 from private.unread_documents() d where d.workspace_id = w.id));
  leaving text[];
begin
  update private.attachment_files f set unused_since = case when named.there then null else moment end
  from (
    select k.workspace_id, k.sha256, exists (
      select 1 from private.attachment_references r
      join public.docs d on d.id = r.doc_id
      where r.sha256 = k.sha256 and d.workspace_id = k.workspace_id) as there
    from private.attachment_files k
    where k.workspace_id = any (read)
  ) named
  where f.workspace_id = named.workspace_id and f.sha256 = named.sha256
    and named.there = (f.unused_since is not null);

  with chosen as (
    select f.workspace_id, f.sha256
    from private.attachment_files f
    join private.attachment_objects() o using (workspace_id, sha256)
    where f.workspace_id = any (read) and f.unused_since < moment - grace and o.stored_at < moment - grace
      and f.claimed_at < moment - grace and coalesce(f.leaving_until < moment, true)
    limit 200
  ), gone as (
    update private.attachment_files f set leaving_until = moment + interval '10 minutes'
    from chosen
    where f.workspace_id = chosen.workspace_id and f.sha256 = chosen.sha256
      -- A device may have asked for it since the look above.
      and f.claimed_at < moment - grace and coalesce(f.leaving_until < moment, true)
    returning f.workspace_id || '/' || f.sha256 as name
  )
  select coalesce(array_agg(gone.name), '{}') into leaving from gone;

  -- What was never stored, or is gone, needs no note.
  delete from private.attachment_files f
  where f.unused_since < moment - grace and f.claimed_at < moment - grace
    and coalesce(f.leaving_until < moment, true)
    and not exists (
      select 1 from private.attachment_objects() o
      where o.workspace_id = f.workspace_id and o.sha256 = f.sha256);
  return leaving;
end
$$;

-- The function is done with these, whether they went or not.
create function public.end_leaving_attachments(files text[])
returns void
language sql
security definer
set search_path = ''
as $$
  update private.attachment_files f set leaving_until = null
  where f.workspace_id || '/' || f.sha256 = any (files)
$$;

create function private.sweep_attachments_when_due()
returns void
language plpgsql
set search_path = ''
as $$
begin
  if private.can_call_functions() and (
    exists (select 1 from private.attachment_files)
    or exists (select 1 from private.attachment_objects())) then
    perform private.call_function('sweep-attachments');
  end if;
end
$$;

alter function private.lay_schedule() rename to lay_compaction_schedule;

create function private.lay_schedule()
returns boolean
language plpgsql
set search_path = ''
as $$
begin
  if not private.lay_compaction_schedule() then
    return false;
  end if;
  perform cron.schedule(
    'tideline sweep attachments', '37 */6 * * *', 'select private.sweep_attachments_when_due()');
  return true;
end
$$;

select private.lay_schedule();

revoke execute on function
  private.attachment_objects(),
  private.unread_documents(),
  private.sweep_attachments_when_due(),
  private.lay_schedule(),
  public.next_attachment_scan(text[]),
  public.read_attachment_scan(text, bigint, bigint, jsonb),
  public.write_attachment_scan(text, bigint, bigint, text[]),
  public.claim_leaving_attachments(),
  public.end_leaving_attachments(text[])
  from public, anon, authenticated;
grant execute on function
  public.next_attachment_scan(text[]),
  public.read_attachment_scan(text, bigint, bigint, jsonb),
  public.write_attachment_scan(text, bigint, bigint, text[]),
  public.claim_leaving_attachments(),
  public.end_leaving_attachments(text[])
  to service_role;
revoke execute on function public.attachment_sizes(uuid, text[]) from public, anon;
grant execute on function public.attachment_sizes(uuid, text[]) to authenticated;
