-- Compaction: the tail of a document's log, merged into a snapshot by the function `compact`, which reads
-- and writes Yjs. The database decides which document is due, lends it to one caller at a time, and takes a
-- snapshot only while the log is still the one that it was made of ([K1] to [K6] in docs/sync-server.md).

-- What an operator may change: `update private.log_settings set retention = '90 days'`.
create table private.log_settings (
  only_row boolean primary key default true check (only_row),
  -- A tail of so many lines, or of so many bytes, is long.
  compact_lines int not null default 500 check (compact_lines > 0),
  compact_bytes bigint not null default 256 * 1024 check (compact_bytes > 0),
  -- No line is trimmed before it is so old ([K7]).
  retention interval not null default '30 days' check (retention >= interval '1 day')
);
insert into private.log_settings default values;

alter table public.docs
  -- Bytes of the lines behind the snapshot, and of the snapshot itself.
  add column tail_bytes bigint not null default 0,
  add column snapshot_bytes bigint not null default 0,
  -- Up to here lines may be gone; see private.trimmed_ops.
  add column trimmed_seq bigint not null default 0;

update public.docs d
set
  tail_bytes = coalesce((
    select sum(octet_length(u.update)) from public.doc_updates u
    where u.doc_id = d.id and u.seq > d.snapshot_seq), 0),
  snapshot_bytes = coalesce((
    select octet_length(s.state) from public.doc_snapshots s
    where s.doc_id = d.id and s.seq = d.snapshot_seq), 0);

-- A document lent to a caller. The lease is the proof that the database was not restored meanwhile: a backup
-- does not hold a lease that was given after it.
create table private.compactions (
  doc_id text collate "C" primary key references public.docs (id) on delete cascade,
  lease uuid not null unique,
  leased_until timestamptz not null,
  -- Claims since the last snapshot. A document that always ends its caller waits longer each time.
  attempts int not null,
  epoch uuid not null,
  from_seq bigint not null,
  to_seq bigint not null,
  to_op uuid not null,
  to_at timestamptz not null,
  bytes bigint not null
);

-- A snapshot on its way in, since a call carries only so much.
create table private.compaction_parts (
  lease uuid not null references private.compactions (lease) on delete cascade on update cascade,
  part int not null check (part >= 0),
  bytes bytea not null,
  primary key (lease, part)
);

-- Lines that Yjs throws at: no snapshot holds them, and they are never trimmed.
create table private.unreadable_lines (
  doc_id text collate "C" not null references public.docs (id) on delete cascade,
  seq bigint not null,
  op_id uuid not null,
  noted_at timestamptz not null default now(),
  primary key (doc_id, seq)
);

revoke all on private.log_settings, private.compactions, private.compaction_parts, private.unreadable_lines
  from public, anon, authenticated;

-- A snapshot is written whole, so a large one waits for a tail that is worth it.
create function private.is_due(lines bigint, bytes bigint, snapshot_bytes bigint, settings private.log_settings)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select (lines >= settings.compact_lines or bytes >= settings.compact_bytes)
    and (bytes >= snapshot_bytes / 8 or lines >= 8 * settings.compact_lines)
$$;

-- Documents that are due and lent to nobody, those first that ended no caller yet; or those named, whatever the
-- length of their tails.
create function private.due_documents(named text[] default null)
returns setof public.docs
language sql
stable
set search_path = ''
as $$
  select d.*
  from public.docs d
  cross join private.log_settings s
  left join private.compactions c on c.doc_id = d.id
  where d.head_seq > d.snapshot_seq
    and case when named is null
      then private.is_due(d.head_seq - d.snapshot_seq, d.tail_bytes, d.snapshot_bytes, s)
      else d.id = any (named) end
    and coalesce(c.leased_until < clock_timestamp(), true)
  order by coalesce(c.attempts, 0), d.head_seq - d.snapshot_seq desc, d.id
  limit 20
$$;

-- Lends a document that is due. Null: there is none.
create function public.claim_compaction(docs text[] default null)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  -- What one run merges; a longer tail is merged in several.
  most_lines constant int := 20000;
  most_bytes constant bigint := 8 * 1024 * 1024;
  due public.docs;
  job private.compactions;
begin
  for due in select * from private.due_documents(docs) loop
    insert into private.compactions as known
      (doc_id, lease, leased_until, attempts, epoch, from_seq, to_seq, to_op, to_at, bytes)
    select due.id, gen_random_uuid(), clock_timestamp() + interval '5 minutes', 1, due.epoch, due.snapshot_seq,
      tail.seq, tail.op_id, tail.created_at, tail.running
    from (
      select u.seq, u.op_id, u.created_at, sum(octet_length(u.update)) over (order by u.seq) as running,
        row_number() over (order by u.seq) as place
      from public.doc_updates u
      where u.doc_id = due.id and u.seq > due.snapshot_seq and u.seq <= due.head_seq
      order by u.seq
      limit most_lines
    ) tail
    where tail.place = 1 or tail.running <= most_bytes
    order by tail.seq desc
    limit 1
    on conflict (doc_id) do update set
      lease = excluded.lease,
      leased_until = clock_timestamp() + interval '5 minutes' * (2 ^ least(known.attempts, 8)),
      attempts = known.attempts + 1,
      epoch = excluded.epoch,
      from_seq = excluded.from_seq,
      to_seq = excluded.to_seq,
      to_op = excluded.to_op,
      to_at = excluded.to_at,
      bytes = excluded.bytes
      -- Another caller may have been given it since the look above.
      where known.leased_until < clock_timestamp()
    returning * into job;
    if found then
      delete from private.compaction_parts p where p.lease = job.lease;
      return jsonb_build_object('doc', job.doc_id, 'lease', job.lease, 'from', job.from_seq, 'to', job.to_seq);
    end if;
  end loop;
  return null;
end
$$;

create function private.leased(lease uuid)
returns private.compactions
language plpgsql
stable
set search_path = ''
as $$
declare
  job private.compactions;
begin
  select c.* into job from private.compactions c where c.lease = leased.lease;
  if not found then
    perform private.refuse(409, 'lease_lost', 'This document was lent to somebody else, or is compacted already.');
  end if;
  return job;
end
$$;

-- Takes a piece of the snapshot and, with the last, puts it into its place. Large things are written before
-- the row of the document is locked, so that a push waits for no more than the look at a line and one update.
create function public.write_compaction(
  lease uuid, part int, bytes text, is_last boolean, unreadable bigint[] default '{}')
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  job private.compactions := private.leased(lease);
  piece constant bytea := private.bytes_of(bytes);
  size bigint;
begin
  if piece is null or part not between 0 and 10000 then
    perform private.refuse(400, 'bad_request', 'A part is a number and its bytes in base64.');
  end if;
  insert into private.compaction_parts (lease, part, bytes)
  values (job.lease, write_compaction.part, piece)
  on conflict on constraint compaction_parts_pkey do update set bytes = excluded.bytes;
  if not is_last then
    return jsonb_build_object('written', false);
  end if;

  insert into public.doc_snapshots (doc_id, seq, op_id, state)
  select job.doc_id, job.to_seq, job.to_op, string_agg(p.bytes, ''::bytea order by p.part)
  from private.compaction_parts p
  where p.lease = job.lease and p.part <= write_compaction.part
  having count(*) = write_compaction.part + 1
  returning octet_length(state) into size;
  if size is null then
    perform private.refuse(400, 'bad_request', 'Parts of the snapshot are missing.');
  end if;
  insert into private.unreadable_lines (doc_id, seq, op_id)
  select u.doc_id, u.seq, u.op_id from public.doc_updates u
  where u.doc_id = job.doc_id and u.seq = any (unreadable) and u.seq > job.from_seq and u.seq <= job.to_seq
  on conflict do nothing;
  perform private.drop_old_snapshots(job.doc_id, job.to_seq);
  delete from private.compactions c where c.lease = job.lease;
  if not found then
    perform private.refuse(409, 'lease_lost', 'This document was lent to somebody else meanwhile.');
  end if;

  update public.docs d
  set
    snapshot_seq = job.to_seq,
    snapshot_bytes = size,
    tail_bytes = greatest(d.tail_bytes - job.bytes, 0)
  where d.id = job.doc_id and d.epoch = job.epoch and d.snapshot_seq = job.from_seq and d.head_seq >= job.to_seq
    -- Time goes forward with seq: a line of this time is the line that was read, and so are all before it.
    and exists (
      select 1 from public.doc_updates u
      where u.doc_id = job.doc_id and u.seq = job.to_seq and u.op_id = job.to_op and u.created_at = job.to_at);
  if not found then
    -- Takes back all of it.
    perform private.refuse(409, 'log_changed', 'The log is not the one any more that this snapshot was made of.');
  end if;
  return jsonb_build_object('written', true, 'seq', job.to_seq);
end
$$;

-- The one before goes, unless the bridge still needs it: what it has not read yet follows that one.
create function private.drop_old_snapshots(doc text, newest bigint)
returns void
language sql
set search_path = ''
as $$
  delete from public.doc_snapshots s
  using public.docs d
  where d.id = doc and s.doc_id = doc and s.seq < newest
    and (d.projected_seq = 0 or s.seq < (
      select max(kept.seq) from public.doc_snapshots kept
      where kept.doc_id = doc and kept.seq <= d.projected_seq))
$$;

revoke execute on function
  private.due_documents(text[]),
  private.is_due(bigint, bigint, bigint, private.log_settings),
  private.leased(uuid),
  private.drop_old_snapshots(text, bigint)
  from public, anon, authenticated;
revoke execute on function
  public.claim_compaction(text[]),
  public.write_compaction(uuid, int, text, boolean, bigint[])
  from public, anon, authenticated;
grant execute on function
  public.claim_compaction(text[]),
  public.write_compaction(uuid, int, text, boolean, bigint[])
  to service_role;
