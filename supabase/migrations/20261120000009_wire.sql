-- What travels between devices and the log, read strictly: JSON from outside is looked at before it is
-- cast, so that a wrong type is an answer with a code and never an error of the database.

create function private.are_client_ids(ids jsonb)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
declare
  id jsonb;
begin
  if jsonb_typeof(ids) is distinct from 'array' or jsonb_array_length(ids) > 64 then
    return false;
  end if;
  for i in 0 .. jsonb_array_length(ids) - 1 loop
    id := ids -> i;
    if jsonb_typeof(id) <> 'number' then
      return false;
    end if;
    if id::numeric % 1 <> 0 or id::numeric not between 0 and 9007199254740991 then
      return false;
    end if;
  end loop;
  return true;
end
$$;

create type private.cursor as (seq bigint, op_id uuid);

-- A cursor or an anchor. Absent, null and seq 0 are the start of a document. Null: not a cursor.
create function private.read_cursor(cursor jsonb)
returns private.cursor
language plpgsql
immutable
set search_path = ''
as $$
declare
  start constant private.cursor := row(0, null);
  seq numeric;
  op uuid;
begin
  if jsonb_typeof(coalesce(cursor, 'null')) = 'null' then
    return start;
  end if;
  if jsonb_typeof(cursor) <> 'object' or jsonb_typeof(cursor -> 'seq') is distinct from 'number' then
    return null;
  end if;
  seq := (cursor -> 'seq')::numeric;
  op := private.uuid_or_null(cursor ->> 'op_id');
  if seq % 1 <> 0 or seq not between 0 and 9007199254740991
    or (op is null and jsonb_typeof(coalesce(cursor -> 'op_id', 'null')) <> 'null') then
    return null;
  end if;
  return case when seq = 0 then start else row(seq::bigint, op)::private.cursor end;
end
$$;

-- Does the server know this (seq, op_id)? Where the line itself was compacted away, a snapshot behind
-- it vouches for it, since nothing can contradict it any more.
create function private.knows(doc text, head bigint, snapshot bigint, cursor private.cursor)
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
    select s.op_id into known_op from public.doc_snapshots s where s.doc_id = doc and s.seq = cursor.seq;
  end if;
  return case when known_op is null then cursor.seq <= snapshot else known_op = cursor.op_id end;
end
$$;

-- The epoch of a document of which somebody knows a line that is not there. Each new one makes every
-- device read the document again, and the claim cannot be proven, so a document takes one a minute at
-- most; who claims later is told the epoch that is. (A time in the future is of a clock that was wrong.)
create function private.renew_epoch(doc text)
returns uuid
language plpgsql
set search_path = ''
as $$
begin
  update public.docs d
  set epoch = gen_random_uuid(), epoch_at = clock_timestamp()
  where d.id = doc and d.epoch_at not between clock_timestamp() - interval '1 minute' and clock_timestamp();
  return (select d.epoch from public.docs d where d.id = doc);
end
$$;

-- The bytes of a base64 text, or null.
create function private.bytes_of(base64 text)
returns bytea
language plpgsql
immutable
set search_path = ''
as $$
begin
  return decode(base64, 'base64');
exception when data_exception then
  return null;
end
$$;

-- encode() breaks lines after 76 characters, and atob() is not the only decoder that minds.
create function private.base64_of(bytes bytea)
returns text
language sql
immutable
set search_path = ''
as $$
  select translate(encode(bytes, 'base64'), E'\n', '')
$$;

revoke execute on function
  private.are_client_ids(jsonb),
  private.read_cursor(jsonb),
  private.knows(text, bigint, bigint, private.cursor),
  private.renew_epoch(text),
  private.bytes_of(text),
  private.base64_of(bytea)
  from public, anon, authenticated;
