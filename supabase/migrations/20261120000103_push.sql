-- push(ops), again: it counts the bytes of the tail for compaction, knows ops whose lines were trimmed, and
-- asks less of the planner, which took a third of the time of a small op. Its rules are numbered in
-- docs/sync-server.md. Four steps: look at every op by itself (form, rights, well-formedness) without
-- any lock, take the row locks of the documents in the order of their ids, decide op by op in the order
-- given, then write, register and announce everything that was accepted at once.

create or replace function public.push(ops jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
-- Lists of unknown length are planned anew at every call otherwise.
set plan_cache_mode = force_generic_plan
as $$
declare
  person constant uuid := private.caller();
  room int := 8 * 1024 * 1024;
  count_of_ops int;
  op jsonb;
  flaw text;
  place record;
  known record;
  content record;
  doc_row record;
  results jsonb[];
  -- Documents of which an op was refused: what follows of them may build on it.
  blocked text[] := '{}';

  -- By position of the op. `alive` is what was not refused, `op_seqs` what is new.
  given jsonb[];
  alive boolean[];
  some_are_new boolean := false;
  op_docs text[];
  op_ids uuid[];
  op_workspaces uuid[];
  op_clients jsonb[];
  op_updates bytea[];
  op_seqs bigint[];
  known_seqs bigint[];
  at_time timestamptz;

  -- By position of the locked document.
  docs text[] := '{}';
  workspaces uuid[];
  heads bigint[];
  heads_before bigint[];
  -- The op at the head, which the next one comes after.
  head_ops uuid[];
  snapshots bigint[];
  trimmed bigint[];
  epochs uuid[];
  k int;
  twin int;
begin
  if jsonb_typeof(ops) is distinct from 'array' or jsonb_array_length(ops) > 200 then
    perform private.refuse(400, 'bad_request', 'push takes a list of at most 200 ops.');
  end if;
  given := array(select jsonb_array_elements(ops));
  count_of_ops := cardinality(given);
  -- Full length from the start: unnest() goes by place, not by subscript.
  results := array_fill(null::jsonb, array[count_of_ops]);
  alive := array_fill(false, array[count_of_ops]);
  op_docs := array_fill(null::text, array[count_of_ops]);
  op_ids := array_fill(null::uuid, array[count_of_ops]);
  op_workspaces := op_ids;
  op_clients := results;
  op_updates := array_fill(null::bytea, array[count_of_ops]);
  op_seqs := array_fill(null::bigint, array[count_of_ops]);

  -- 1. Each op by itself. Nothing is locked yet, so that a large update delays nobody else.
  for i in 1 .. count_of_ops loop
    op := given[i];
    flaw := private.flaw_of_op(op);
    if flaw is not null then
      results[i] := private.op_refused(op, 'bad_request', flaw);
      if jsonb_typeof(op -> 'doc') = 'string' then
        blocked := array_append(blocked, op ->> 'doc');
      end if;
      continue;
    end if;
    op_ids[i] := (op ->> 'op_id')::uuid;
    op_docs[i] := op ->> 'doc';
    op_clients[i] := nullif(op -> 'client_ids', 'null');
    if op_docs[i] = any (blocked) then
      results[i] := private.op_refused(op, 'after_refused', 'An earlier op of this document was refused.');
      continue;
    end if;

    if i > 1 and alive[i - 1] and op_docs[i] = op_docs[i - 1] then
      op_workspaces[i] := op_workspaces[i - 1];
    else
      place := private.read_doc_id(op_docs[i]);
      if place.kind is null then
        results[i] := private.op_refused(op, 'unknown_document_kind', 'No document has an id like this.');
        blocked := array_append(blocked, op_docs[i]);
        continue;
      end if;
      select d.id is null as is_new, w.id as workspace, m.role into known
      from (values (op_docs[i])) as named (doc)
      left join public.docs d on d.id = named.doc
      cross join lateral (
        select coalesce(place.workspace, d.workspace_id, (op ->> 'workspace')::uuid) as id) w
      left join public.memberships m on m.workspace_id = w.id and m.user_id = person;
      op_workspaces[i] := known.workspace;
      some_are_new := some_are_new or known.is_new;
      if known.role is null then
        results[i] := private.op_refused(op, 'not_a_member', 'There is no such document for you.');
      elsif known.role = 'viewer' then
        results[i] := private.op_refused(op, 'read_only', 'Your role in this workspace is to read.');
      end if;
      if results[i] is not null then
        blocked := array_append(blocked, op_docs[i]);
        continue;
      end if;
    end if;

    content := private.read_update(op ->> 'update', room);
    if content.code is not null then
      results[i] := private.op_refused(op, content.code, content.message);
      blocked := array_append(blocked, op_docs[i]);
      continue;
    end if;
    op_updates[i] := content.bytes;
    alive[i] := true;
    room := room - octet_length(content.bytes);
  end loop;

  -- 2. New rows, then locks, both in the order of the ids: two calls that want the same documents wait
  -- for each other, but never in a circle.
  if some_are_new then
    perform private.make_docs(array_agg(n.doc), array_agg(n.workspace))
    from unnest(op_docs, op_workspaces, alive) as n (doc, workspace, alive)
    where n.alive
    having count(*) > 0;
  end if;

  for doc_row in
    select d.* from public.docs d
    where d.id in (select n.doc from unnest(op_docs, alive) as n (doc, alive) where n.alive)
    order by d.id
    for no key update
  loop
    docs := array_append(docs, doc_row.id);
    k := cardinality(docs);
    workspaces[k] := doc_row.workspace_id;
    heads[k] := doc_row.head_seq;
    heads_before[k] := doc_row.head_seq;
    head_ops[k] := private.op_at(doc_row.id, doc_row.head_seq);
    snapshots[k] := doc_row.snapshot_seq;
    trimmed[k] := doc_row.trimmed_seq;
    epochs[k] := doc_row.epoch;
  end loop;
  -- After the locks, so that time goes forward with seq, and so that a twin of this call is seen.
  at_time := clock_timestamp();
  known_seqs := array(
    select u.seq
    from unnest(op_docs, op_ids) with ordinality as n (doc, op_id, place)
    left join public.doc_updates u on u.doc_id = n.doc and u.op_id = n.op_id
    order by n.place);

  -- 3. Op by op. `blocked` starts anew: what step 1 refused after an op is refused already.
  blocked := '{}';
  for i in 1 .. count_of_ops loop
    continue when not alive[i];
    op := given[i];
    k := array_position(docs, op_docs[i]);
    alive[i] := false;
    if op_docs[i] = any (blocked) then
      results[i] := private.op_refused(op, 'after_refused', 'An earlier op of this document was refused.');
      continue;
    end if;
    -- Another workspace made this conversation between step 1 and the lock.
    if workspaces[k] <> op_workspaces[i] then
      results[i] := private.op_refused(op, 'not_a_member', 'There is no such document for you.');
      blocked := array_append(blocked, op_docs[i]);
      continue;
    end if;
    if not private.knows(docs[k], heads_before[k], snapshots[k], private.read_cursor(op -> 'anchor')) then
      epochs[k] := private.renew_epoch(docs[k]);
      results[i] := private.op_refused(op, 'anchor_lost',
        'The server does not know the update that this device last saw.', epochs[k]);
      blocked := array_append(blocked, op_docs[i]);
      continue;
    end if;

    -- The same op twice in one call: the first of them has taken a number by now.
    twin := array_position(op_ids, op_ids[i]);
    while known_seqs[i] is null and twin < i loop
      if op_docs[twin] = op_docs[i] then
        known_seqs[i] := coalesce(op_seqs[twin], known_seqs[twin]);
      end if;
      twin := array_position(op_ids, op_ids[i], twin + 1);
    end loop;

    if known_seqs[i] is null and trimmed[k] > 0 then
      known_seqs[i] := private.trimmed_seq_of(docs[k], op_ids[i]);
    end if;

    results[i] := jsonb_build_object('doc', docs[k], 'op_id', op_ids[i], 'status', 'accepted',
      'seq', coalesce(known_seqs[i], heads[k] + 1), 'epoch', epochs[k],
      'duplicate', known_seqs[i] is not null);
    if known_seqs[i] is null then
      -- Its author may stand at that very op by now: then there is nothing between to pull, nor this one again.
      results[i] := results[i] || jsonb_build_object('after', head_ops[k]);
      heads[k] := heads[k] + 1;
      head_ops[k] := op_ids[i];
      op_seqs[i] := heads[k];
      alive[i] := true;
    end if;
  end loop;

  -- 4. Everything that is new at once. Client ids in their order too, since calls may name the same ones.
  insert into public.doc_clients (workspace_id, client_id, user_id)
  select distinct n.workspace, id::numeric::bigint, person
  from unnest(op_workspaces, op_clients, alive) as n (workspace, clients, alive)
  cross join lateral jsonb_array_elements(n.clients) as id
  where n.alive
  order by 1, 2
  on conflict (workspace_id, client_id) do nothing;

  insert into public.doc_updates (doc_id, seq, op_id, update, author, actor_type, client_id, created_at)
  select n.doc, n.seq, n.op_id, n.update, person, 'user', mine.client_id, at_time
  from unnest(op_docs, op_seqs, op_ids, op_updates, op_workspaces, op_clients)
    as n (doc, seq, op_id, update, workspace, clients)
  -- A client id that somebody else was first to claim is not written beside this person's update.
  left join public.doc_clients mine
    on mine.workspace_id = n.workspace and mine.user_id = person
    and mine.client_id = (n.clients ->> 0)::numeric::bigint
  where n.seq is not null;

  update public.docs d
  set
    head_seq = n.head,
    tail_bytes = d.tail_bytes + (
      select sum(octet_length(o.update)) from unnest(op_docs, op_seqs, op_updates) as o (doc, seq, update)
      where o.doc = n.doc and o.seq is not null)
  from unnest(docs, heads, heads_before) as n (doc, head, before)
  where d.id = n.doc and n.head > n.before;

  perform private.announce(op_docs, op_seqs, op_ids, op_updates);

  return jsonb_build_object('results', to_jsonb(results));
end
$$;
