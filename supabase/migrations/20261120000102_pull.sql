-- pull, again: each document is read in one statement, so that a snapshot that takes the place of another
-- meanwhile leaves no gap; and on request it answers packed: lines as bytes in a row instead of an object each,
-- and a large snapshot in slices ([P25], [P26] in docs/sync-server.md). What compaction reads has the same form.

-- translate() took longer than the rest of a page.
create or replace function private.base64_of(bytes bytea)
returns text
language sql
immutable
set search_path = ''
as $$
  select replace(encode(bytes, 'base64'), E'\n', '')
$$;

-- Lines after a place, without a gap, as many as there is room for and one at least.
create function private.packed_after(doc text, after bigint, head bigint, room bigint)
returns table (lines bytea, last_seq bigint, bytes bigint)
language sql
stable
set search_path = ''
as $$
  select
    coalesce(string_agg(
      uuid_send(t.op_id) || int4send(octet_length(t.update)) || t.update, ''::bytea order by t.seq), ''),
    coalesce(max(t.seq), after),
    coalesce(sum(octet_length(t.update) + 20), 0)
  from (
    select tail.*, sum(octet_length(tail.update) + 20) over (order by tail.seq) as running
    from (
      select u.seq, u.op_id, u.update from public.doc_updates u
      where u.doc_id = doc and u.seq > after and u.seq <= head
      order by u.seq
      -- No more than could fit, so that a long tail is not read whole for each page.
      limit room / 40 + 1
    ) tail
  ) t
  where t.running <= room or t.running = octet_length(t.update) + 20
$$;

-- Whether a device at this place is given the snapshot: when lines behind it are gone, or are many, or are more
-- than it is, since a device that was away for a minute wants its ten updates.
create function private.starts_at_snapshot(doc text, after bigint, snapshot bigint, snapshot_size bigint)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
declare
  lines bigint;
  size bigint;
begin
  if snapshot - after > 1000 then
    return true;
  end if;
  select count(*), sum(octet_length(u.update)) into lines, size
  from public.doc_updates u
  where u.doc_id = doc and u.seq > after and u.seq <= snapshot;
  return lines < snapshot - after or size > snapshot_size;
end
$$;

-- One page of one document. `held` says how many bytes of which snapshot the device has already.
create function private.page_of(
  doc text, snapshot bigint, head bigint, after bigint, held jsonb, room bigint, packed boolean,
  out answer jsonb, out bytes bigint)
language plpgsql
stable
set search_path = ''
as $$
declare
  -- Where the page is full already, a snapshot still goes on.
  least_slice constant bigint := 64 * 1024;
  size bigint;
  op uuid;
  start bigint := 0;
  slice bigint;
  snap jsonb;
  page record;
begin
  answer := jsonb_build_object('more', after < head);
  bytes := 0;
  -- No room: the page is full.
  if after >= head or room is null then
    return;
  end if;
  if after < snapshot then
    select octet_length(s.state), s.op_id into size, op
    from public.doc_snapshots s
    where s.doc_id = page_of.doc and s.seq = page_of.snapshot;
  end if;
  if size is not null and private.starts_at_snapshot(doc, after, snapshot, size) then
    snap := jsonb_build_object('seq', snapshot, 'op_id', op);
    slice := size;
    if packed then
      if held ->> 'seq' = snapshot::text and held ->> 'bytes' ~ '^\d{1,15}$'
        and (held ->> 'bytes')::bigint < size then
        start := (held ->> 'bytes')::bigint;
      end if;
      slice := least(size - start, greatest(room, least_slice));
      snap := snap || jsonb_build_object('size', size, 'from', start);
    end if;
    answer := answer || jsonb_build_object('snapshot', snap || jsonb_build_object('state', private.base64_of((
      select substring(s.state from (start + 1)::int for slice::int) from public.doc_snapshots s
      where s.doc_id = page_of.doc and s.seq = page_of.snapshot))));
    after := snapshot;
    bytes := slice;
    if start + slice < size then
      answer := answer || '{"more": true}';
      return;
    end if;
  end if;

  if packed then
    select * into page from private.packed_after(doc, after, head, greatest(room - bytes, 0));
    answer := answer || jsonb_build_object('first', after + 1, 'lines', private.base64_of(page.lines));
  else
    select * into page from private.updates_after(doc, after, head, greatest(room - bytes, 0)::int);
    answer := answer || jsonb_build_object('updates', page.updates);
  end if;
  bytes := bytes + page.bytes;
  answer := answer || jsonb_build_object('more', page.last_seq < head);
end
$$;

drop function public.pull(jsonb, int);
drop function private.snapshot_for(text, bigint, bigint);

create function public.pull(cursors jsonb, max_bytes int default 1000000, packed boolean default false)
returns jsonb
language plpgsql
security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  person constant uuid := private.caller();
  room bigint := least(greatest(coalesce(max_bytes, 1000000), 1), 8 * 1024 * 1024);
  -- An answer must fit into a jsonb: past this, documents wait for the next page, even with nothing.
  full_at constant bigint := room - 16 * 1024 * 1024;
  none constant jsonb := case when packed then '{"first": 1, "lines": ""}' else '{"updates": []}' end;
  names text[] := '{}';
  answers jsonb[] := '{}';
  wanted record;
  found record;
begin
  if jsonb_typeof(cursors) is distinct from 'object' then
    perform private.refuse(400, 'bad_request', 'pull takes an object of cursors by document.');
  end if;
  if (select count(*) from jsonb_object_keys(cursors)) > 500 then
    perform private.refuse(400, 'bad_request', 'pull takes at most 500 documents.');
  end if;

  for wanted in
    select
      c.key as doc,
      c.value as given,
      private.read_cursor(c.value) as cursor,
      name.kind,
      d.id as found,
      m.role
    from jsonb_each(cursors) c
    cross join lateral private.read_doc_id(c.key) name
    left join public.docs d on d.id = c.key
    left join public.memberships m
      on m.workspace_id = coalesce(d.workspace_id, name.workspace) and m.user_id = person
    order by c.key collate "C"
  loop
    names := array_append(names, wanted.doc);
    if wanted.kind is null or wanted.role is null or wanted.cursor is null then
      answers := array_append(answers, jsonb_build_object('error', case
        when wanted.kind is null then 'unknown_document_kind'
        when wanted.role is null then 'not_a_member'
        else 'bad_request' end));
      continue;
    end if;
    if wanted.found is null then
      answers := array_append(answers, none || jsonb_build_object(
        'epoch', null, 'head', 0, 'reset', (wanted.cursor).seq > 0, 'more', false));
      continue;
    end if;

    -- One statement, so one moment: what is behind a snapshot may be replaced at any time.
    select d.head_seq, d.epoch, place.after is null as lost, page.*
    into found
    from public.docs d
    cross join lateral (
      select case when private.knows(d.id, d.head_seq, d.snapshot_seq, wanted.cursor)
        then (wanted.cursor).seq end as after
    ) place
    cross join lateral private.page_of(d.id, d.snapshot_seq, d.head_seq, coalesce(place.after, 0),
      wanted.given -> 'snapshot', case when room > full_at then greatest(room, 0) end, packed) page
    where d.id = wanted.doc;

    -- A viewer has nothing to push again. Locks are taken in the order of the ids, as by push.
    if found.lost and wanted.role <> 'viewer' then
      found.epoch := private.renew_epoch(wanted.doc);
    end if;
    room := room - found.bytes;
    answers := array_append(answers, none || found.answer || jsonb_build_object(
      'epoch', found.epoch, 'head', found.head_seq, 'reset', found.lost));
  end loop;
  return jsonb_build_object('docs', coalesce(
    (select jsonb_object_agg(a.name, a.answer) from unnest(names, answers) as a (name, answer)), '{}'));
end
$$;

-- What a claimed document is made of, page by page, in the form of a packed pull: the snapshot before and the
-- lines up to the place of the claim.
create function public.read_compaction(lease uuid, cursor jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  job constant private.compactions := private.leased(lease);
  place constant private.cursor := private.read_cursor(cursor);
  page record;
begin
  select * into page from private.page_of(
    job.doc_id, job.from_seq, job.to_seq, place.seq, cursor -> 'snapshot', 4 * 1024 * 1024, true);
  return page.answer;
end
$$;

revoke execute on function
  private.packed_after(text, bigint, bigint, bigint),
  private.starts_at_snapshot(text, bigint, bigint, bigint),
  private.page_of(text, bigint, bigint, bigint, jsonb, bigint, boolean)
  from public, anon, authenticated;
revoke execute on function public.pull(jsonb, int, boolean) from public, anon;
grant execute on function public.pull(jsonb, int, boolean) to authenticated;
revoke execute on function public.read_compaction(uuid, jsonb) from public, anon, authenticated;
grant execute on function public.read_compaction(uuid, jsonb) to service_role;
