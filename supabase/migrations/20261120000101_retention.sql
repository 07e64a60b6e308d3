-- Retention: lines that are old and behind a snapshot are trimmed, and leave their op ids behind. So the log still
-- knows every place that it ever gave ([P15]) and every op that it ever took ([P11]), however long a device was away.

create table private.trimmed_ops (
  doc_id text collate "C" not null references public.docs (id) on delete cascade,
  first_seq bigint not null,
  -- In the order of seq, without a gap: a sixth of what rows of their own would take.
  op_ids uuid[] not null,
  primary key (doc_id, first_seq)
);
-- An op that comes again is looked for by its id, and may be of any age.
create index trimmed_ops_by_op on private.trimmed_ops using gin (op_ids) with (fastupdate = off);
revoke all on private.trimmed_ops from public, anon, authenticated;

-- The op at a place whose line was trimmed.
create function private.trimmed_op_at(doc text, at bigint)
returns uuid
language sql
stable
set search_path = ''
as $$
  select chunk.op_ids[at - chunk.first_seq + 1]
  from (
    select t.* from private.trimmed_ops t
    where t.doc_id = doc and t.first_seq <= at
    order by t.first_seq desc
    limit 1
  ) chunk
$$;

-- The place of an op whose line was trimmed.
create function private.trimmed_seq_of(doc text, op_id uuid)
returns bigint
language sql
stable
set search_path = ''
as $$
  select t.first_seq + array_position(t.op_ids, trimmed_seq_of.op_id) - 1
  from private.trimmed_ops t
  where t.doc_id = doc and t.op_ids @> array[trimmed_seq_of.op_id]
$$;

-- Replaces the one that could not look behind a snapshot.
create or replace function private.knows(doc text, head bigint, snapshot bigint, cursor private.cursor)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
declare
  known_op uuid;
begin
  if cursor.seq = 0 then
    return true;
  end if;
  if cursor.seq > head then
    return false;
  end if;
  if cursor.op_id is null then
    return true;
  end if;
  select u.op_id into known_op from public.doc_updates u where u.doc_id = doc and u.seq = cursor.seq;
  if known_op is null then
    known_op := coalesce(
      private.trimmed_op_at(doc, cursor.seq),
      (select s.op_id from public.doc_snapshots s where s.doc_id = doc and s.seq = cursor.seq));
  end if;
  return case when known_op is null then cursor.seq <= snapshot else known_op = cursor.op_id end;
end
$$;

-- Trims one document and says how much, or answers null when there is none to trim. A call is a transaction of
-- its own and short; it touches the row of the document only at its end, so that no push waits for it.
create function public.trim_log()
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  most_lines constant int := 4096;
  place record;
  chunk record;
begin
  -- One at a time.
  if not pg_try_advisory_xact_lock(hashtextextended('tideline trim_log', 0)) then
    return null;
  end if;
  select d.id, d.snapshot_seq, d.trimmed_seq, kept.seq as bound, now() - s.retention as before into place
  from public.docs d
  cross join private.log_settings s
  -- What the bridge has not read yet follows the snapshot that it can start from.
  cross join lateral (
    select max(n.seq) as seq from public.doc_snapshots n
    where n.doc_id = d.id and (d.projected_seq = 0 or n.seq <= d.projected_seq)) kept
  where d.trimmed_seq < d.snapshot_seq and d.trimmed_seq < kept.seq
    and exists (
      select 1 from public.doc_updates u
      where u.doc_id = d.id and u.seq = d.trimmed_seq + 1 and u.created_at < now() - s.retention)
  limit 1;
  if not found then
    return null;
  end if;

  select max(old.seq) as last, array_agg(old.op_id order by old.seq) as op_ids into chunk
  from (
    select u.seq, u.op_id, u.created_at from public.doc_updates u
    where u.doc_id = place.id and u.seq > place.trimmed_seq and u.seq <= place.bound
    order by u.seq
    limit most_lines
  ) old
  -- Time goes forward with seq, so these are a beginning.
  where old.created_at < place.before;

  update private.trimmed_ops t
  set op_ids = t.op_ids || chunk.op_ids
  where t.doc_id = place.id and cardinality(t.op_ids) < 512
    and t.first_seq + cardinality(t.op_ids) = place.trimmed_seq + 1;
  if not found then
    insert into private.trimmed_ops (doc_id, first_seq, op_ids)
    values (place.id, place.trimmed_seq + 1, chunk.op_ids);
  end if;
  perform private.drop_old_snapshots(place.id, place.snapshot_seq);
  delete from public.doc_updates u
  where u.doc_id = place.id and u.seq > place.trimmed_seq and u.seq <= chunk.last
    and not exists (
      select 1 from private.unreadable_lines n where n.doc_id = u.doc_id and n.seq = u.seq);
  update public.docs d set trimmed_seq = chunk.last where d.id = place.id;
  return jsonb_build_object('doc', place.id, 'lines', chunk.last - place.trimmed_seq);
end
$$;

revoke execute on function
  private.trimmed_op_at(text, bigint),
  private.trimmed_seq_of(text, uuid),
  private.knows(text, bigint, bigint, private.cursor)
  from public, anon, authenticated;
revoke execute on function public.trim_log() from public, anon, authenticated;
grant execute on function public.trim_log() to service_role;
