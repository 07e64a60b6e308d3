-- pull(cursors): what a device does not have yet, of many documents in one call. Its rules are numbered
-- in docs/sync-server.md. The cursor is the truth and the broadcasts are hints, so this must be right
-- and cheap: a document of which nothing is new costs one row.

create function private.updates_after(doc text, after bigint, head bigint, room int)
returns table (updates jsonb, last_seq bigint, bytes bigint)
language sql
stable
set search_path = ''
as $$
  select
    coalesce(jsonb_agg(jsonb_build_object(
      'seq', t.seq, 'op_id', t.op_id, 'update', translate(encode(t.update, 'base64'), E'\n', ''), 'author', t.author,
      'client_id', t.client_id, 'at', t.created_at) order by t.seq), '[]'),
    coalesce(max(t.seq), after),
    coalesce(sum(octet_length(t.update)), 0)
  from (
    select tail.*, sum(octet_length(tail.update)) over (order by tail.seq) as running
    from (
      -- The limit keeps a long tail of small updates from being read whole for each page.
      select u.* from public.doc_updates u
      where u.doc_id = doc and u.seq > after and u.seq <= head
      order by u.seq
      limit 5000
    ) tail
  ) t
  -- The first always, so that every page goes forward.
  where t.running <= room or t.running = octet_length(t.update)
$$;

-- The snapshot to start from, or nothing: only when the lines behind it were compacted away, or when it
-- is smaller than they are, since a device that was away for a minute wants its ten updates.
create function private.snapshot_for(doc text, after bigint, snapshot_seq bigint)
returns public.doc_snapshots
language plpgsql
stable
set search_path = ''
as $$
declare
  snapshot public.doc_snapshots;
  lines bigint;
  size bigint;
begin
  if after >= snapshot_seq then
    return null;
  end if;
  select s.* into snapshot
  from public.doc_snapshots s
  where s.doc_id = doc and s.seq = snapshot_for.snapshot_seq;
  select count(*), sum(octet_length(u.update)) into lines, size
  from public.doc_updates u
  where u.doc_id = doc and u.seq > after and u.seq <= snapshot_for.snapshot_seq;
  if lines = snapshot_for.snapshot_seq - after and size <= octet_length(snapshot.state) then
    return null;
  end if;
  return snapshot;
end
$$;

create function public.pull(cursors jsonb, max_bytes int default 1000000)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  person constant uuid := private.caller();
  room bigint := least(greatest(coalesce(max_bytes, 1000000), 1), 8 * 1024 * 1024);
  -- An answer must fit into a jsonb: past this, documents wait for the next page, even with nothing.
  full_at constant bigint := room - 16 * 1024 * 1024;
  names text[] := '{}';
  answers jsonb[] := '{}';
  answer jsonb;
  wanted record;
  after bigint;
  lost boolean;
  snapshot public.doc_snapshots;
  page record;
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
      private.read_cursor(c.value) as cursor,
      name.kind,
      d.id as found,
      d.head_seq,
      d.snapshot_seq,
      d.epoch,
      m.role
    from jsonb_each(cursors) c
    cross join lateral private.read_doc_id(c.key) name
    left join public.docs d on d.id = c.key
    left join public.memberships m
      on m.workspace_id = coalesce(d.workspace_id, name.workspace) and m.user_id = person
    order by c.key collate "C"
  loop
    if wanted.kind is null or wanted.role is null or wanted.cursor is null then
      names := array_append(names, wanted.doc);
      answers := array_append(answers, jsonb_build_object('error', case
        when wanted.kind is null then 'unknown_document_kind'
        when wanted.role is null then 'not_a_member'
        else 'bad_request' end));
      continue;
    end if;
    names := array_append(names, wanted.doc);
    if wanted.found is null then
      answers := array_append(answers, jsonb_build_object(
        'epoch', null, 'head', 0, 'reset', (wanted.cursor).seq > 0, 'updates', '[]'::jsonb, 'more', false));
      continue;
    end if;

    after := (wanted.cursor).seq;
    lost := not private.knows(wanted.doc, wanted.head_seq, wanted.snapshot_seq, wanted.cursor);
    if lost then
      -- A viewer has nothing to push again. Locks are taken in the order of the ids, as by push.
      if wanted.role <> 'viewer' then
        wanted.epoch := private.renew_epoch(wanted.doc);
      end if;
      after := 0;
    end if;

    snapshot := null;
    if after < wanted.head_seq and room > full_at then
      snapshot := private.snapshot_for(wanted.doc, after, wanted.snapshot_seq);
      if snapshot.seq is not null then
        after := snapshot.seq;
        room := room - octet_length(snapshot.state);
      end if;
      select * into page
      from private.updates_after(wanted.doc, after, wanted.head_seq, greatest(room, 0)::int);
      room := room - page.bytes;
    else
      select '[]'::jsonb as updates, after as last_seq, 0::bigint as bytes into page;
    end if;

    answer := jsonb_build_object(
      'epoch', wanted.epoch,
      'head', wanted.head_seq,
      'reset', lost,
      'updates', page.updates,
      'more', page.last_seq < wanted.head_seq);
    if snapshot.seq is not null then
      answer := answer || jsonb_build_object('snapshot', jsonb_build_object(
        'seq', snapshot.seq, 'op_id', snapshot.op_id, 'state', private.base64_of(snapshot.state)));
    end if;
    answers := array_append(answers, answer);
  end loop;
  return jsonb_build_object('docs', coalesce(
    (select jsonb_object_agg(a.name, a.answer) from unnest(names, answers) as a (name, answer)), '{}'));
end
$$;

revoke execute on function
  private.updates_after(text, bigint, bigint, int),
  private.snapshot_for(text, bigint, bigint)
  from public, anon, authenticated;
revoke execute on function public.pull(jsonb, int) from public, anon;
grant execute on function public.pull(jsonb, int) to authenticated;
