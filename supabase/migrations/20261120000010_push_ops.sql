-- What push is made of: refusing an op, reading it, making the rows of new documents, telling the news.

create function private.op_refused(op jsonb, code text, message text, epoch uuid default null)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  -- What cannot be a name is not echoed: it may be of any size.
  select jsonb_build_object('doc', left(op ->> 'doc', 200), 'op_id', left(op ->> 'op_id', 200),
      'status', 'refused', 'code', code, 'message', message)
    || case when epoch is null then '{}'::jsonb else jsonb_build_object('epoch', epoch) end
$$;

-- What is wrong with the form of an op, or null. Everything after this casts without fear.
create function private.flaw_of_op(op jsonb)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  return case
    when jsonb_typeof(op) is distinct from 'object' then 'An op is an object.'
    when jsonb_typeof(op -> 'doc') is distinct from 'string' then '`doc` is the id of a document.'
    when private.uuid_or_null(op ->> 'op_id') is null then '`op_id` is a uuid in lower case.'
    when jsonb_typeof(op -> 'update') is distinct from 'string' then '`update` is a text in base64.'
    when jsonb_typeof(coalesce(op -> 'workspace', 'null')) <> 'null'
      and private.uuid_or_null(op ->> 'workspace') is null then '`workspace` is a uuid in lower case.'
    when jsonb_typeof(coalesce(op -> 'client_ids', 'null')) <> 'null'
      and not private.are_client_ids(op -> 'client_ids')
      then '`client_ids` is a list of at most 64 Yjs client ids.'
    when private.read_cursor(op -> 'anchor') is null
      then '`anchor` is null or { seq, op_id } with a whole number and a uuid.'
  end;
end
$$;

-- The bytes of an op's update, or the code and the words of its refusal.
create function private.read_update(
  base64 text, room int, out bytes bytea, out code text, out message text)
language plpgsql
immutable
set search_path = ''
as $$
declare
  max_update constant int := 4 * 1024 * 1024;
  flaw text;
begin
  -- Four characters carry three bytes: a text that is too long is not even decoded.
  if length(base64) > (max_update / 3 + 2) * 4 then
    code := 'too_large';
  else
    bytes := private.bytes_of(base64);
    if octet_length(bytes) > max_update then
      code := 'too_large';
    elsif octet_length(bytes) > room then
      code := 'call_too_large';
      message := 'This call carries more than 8 MB. Push this op again in another call.';
    else
      flaw := case
        when bytes is null then 'it is not base64'
        else private.check_yjs_update(bytes)
      end;
      if flaw is not null then
        code := 'malformed_update';
        message := 'This is not a Yjs update: ' || flaw || '.';
      end if;
    end if;
  end if;
  if code = 'too_large' then
    message := 'An update has at most 4 MB.';
  end if;
end
$$;

-- Rows for documents that do not exist yet. A conversation is made together with its notes, so that
-- the two can never come to belong to different workspaces.
create function private.make_docs(names text[], workspaces uuid[])
returns void
language sql
set search_path = ''
as $$
  insert into public.docs (id, workspace_id, kind)
  select wanted.id, wanted.workspace, (private.read_doc_id(wanted.id)).kind
  from (
    select distinct on (made.id) made.id, named.workspace
    from unnest(names, workspaces) as named (doc, workspace)
    cross join lateral (
      select named.doc as id where named.doc like 'ws/%'
      union all
      select left(named.doc, 31) where named.doc like 'conv/%'
      union all
      select left(named.doc, 31) || '/notes' where named.doc like 'conv/%'
    ) made
    where not exists (select 1 from public.docs d where d.id = made.id)
    order by made.id
  ) wanted
  -- In the order of the ids, as everywhere: see step 2 of push.
  order by wanted.id collate "C"
  on conflict (id) do nothing
$$;

create function private.op_at(doc text, at bigint)
returns uuid
language sql
stable
set search_path = ''
as $$
  select coalesce(
    (select u.op_id from public.doc_updates u where u.doc_id = doc and u.seq = at),
    (select s.op_id from public.doc_snapshots s where s.doc_id = doc and s.seq = at))
$$;

-- A broadcast is a hint, so nothing that happens in it may undo a push. Updates above 96 kB are
-- announced without their bytes, for a message of Realtime has a limit and the receiver can pull. `after`
-- names the op before: a number alone would not show that the log was restored and went another way.
create function private.announce(docs text[], seqs bigint[], op_ids uuid[], updates bytea[])
returns void
language plpgsql
set search_path = ''
as $$
begin
  if to_regprocedure('realtime.send(jsonb,text,text,boolean)') is null then
    return;
  end if;
  perform realtime.send(
    jsonb_build_object('doc', news.doc, 'seq', news.seq, 'op_id', news.op_id,
        'after', coalesce(news.before, private.op_at(news.doc, news.seq - 1)))
      || case when octet_length(news.update) <= 96 * 1024
        then jsonb_build_object('update', private.base64_of(news.update)) else '{}'::jsonb end,
    'update', private.topic_of(news.doc), true)
  from (
    -- The numbers that one call gives to a document follow each other.
    select n.*, lag(n.op_id) over (partition by n.doc order by n.seq) as before
    from unnest(docs, seqs, op_ids, updates) with ordinality as n (doc, seq, op_id, update, place)
    where n.seq is not null
    order by n.place
  ) news;
exception when others then
  raise warning 'updates were not announced: %', sqlstate;
end
$$;

revoke execute on function
  private.op_refused(jsonb, text, text, uuid),
  private.flaw_of_op(jsonb),
  private.read_update(text, int),
  private.make_docs(text[], uuid[]),
  private.op_at(text, bigint),
  private.announce(text[], bigint[], uuid[], bytea[])
  from public, anon, authenticated;
