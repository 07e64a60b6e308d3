-- Who sees a changed row, and what of it. Runs last: it closes `_realtime` to everybody but the endpoint.

-- A subscriber is {n, role, claims, filters: [{column, op, value, negate}], select: [column] | null}.
-- Both sides of a comparison are cast to the column's own type. NULL never matches, negated or not.
create or replace function _realtime.condition(entity regclass, filters jsonb) returns text
language sql stable as $$
  select coalesce(string_agg(
    case f ->> 'op'
      when 'is' then format('(r.%I is %s%s)', a.attname, case when negate then 'not ' end,
        case f ->> 'value' when 'true' then 'true' when 'false' then 'false' when 'unknown' then 'unknown' else 'null' end)
      when 'isdistinct' then format('(r.%I is %sdistinct from %L::%s)', a.attname,
        case when negate then 'not ' end, f ->> 'value', t.name)
      when 'in' then format('coalesce(%s(r.%I = any (%L::%s[])), false)',
        case when negate then 'not ' end, a.attname, f ->> 'value', t.name)
      else format('coalesce(%s(r.%I %s %L::%s), false)', case when negate then 'not ' end, a.attname,
        case f ->> 'op' when 'eq' then '=' when 'neq' then '<>' when 'lt' then '<' when 'lte' then '<='
          when 'gt' then '>' when 'gte' then '>=' when 'like' then 'like' when 'ilike' then 'ilike'
          when 'match' then '~' when 'imatch' then '~*' end,
        f ->> 'value', t.name)
    end, ' and '), 'true')
  from jsonb_array_elements(filters) f
  join pg_attribute a on a.attrelid = entity and a.attname = f ->> 'column' and not a.attisdropped
  cross join lateral (select a.atttypid::regtype::text as name, (f ->> 'negate')::boolean as negate) t
$$;

-- What a subscription would fail on later is refused now. NULL: accepted. Empty: no such published table.
create or replace function _realtime.refuse_subscription(
  of_schema text, of_table text, role text, filters jsonb, selected jsonb) returns text
language plpgsql stable as $$
declare
  item record;
  filter record;
  column_type regtype;
  missing text;
  found_one boolean := false;
begin
  for item in select p.entity from _realtime.published p
    where of_schema in ('*', p.schema) and of_table in ('*', p.name)
  loop
    found_one := true;
    for filter in select f ->> 'column' as name, f ->> 'op' as op, f ->> 'value' as value
      from jsonb_array_elements(filters) f
    loop
      select a.atttypid into column_type from pg_attribute a
        where a.attrelid = item.entity and a.attname = filter.name and a.attnum > 0 and not a.attisdropped
        and has_column_privilege(role, item.entity, a.attnum, 'SELECT');
      if column_type is null then
        raise exception 'invalid column for filter %', filter.name;
      elsif filter.op = 'is' then
        if filter.value not in ('null', 'true', 'false', 'unknown') then
          raise exception 'invalid value for is filter: must be null, true, false, or unknown';
        elsif filter.value <> 'null' and column_type <> 'boolean'::regtype then
          raise exception 'is % filter requires a boolean column, got %', filter.value, column_type;
        end if;
      elsif filter.op in ('like', 'ilike', 'match', 'imatch') then
        if not exists (select from pg_operator o where o.oprleft = column_type
          and o.oprname = case filter.op when 'match' then '~' when 'imatch' then '~*' else '~~' end
          and o.oprresult = 'boolean'::regtype) and column_type <> 'character varying'::regtype
        then
          raise exception 'operator % requires a text-compatible column type, got %', filter.op, column_type;
        end if;
        if filter.op in ('match', 'imatch') then
          begin
            perform '' ~ filter.value;
          exception when others then
            raise exception 'invalid regular expression for % filter: %', filter.op, sqlerrm;
          end;
        end if;
      elsif filter.op = 'in' then
        execute format('select %L::%s[]', filter.value, column_type);
        if cardinality(filter.value::text[]) > 100 then
          raise exception 'too many values for `in` filter. Maximum 100';
        end if;
      else
        execute format('select %L::%s', filter.value, column_type);
      end if;
    end loop;
    select c into missing
      from jsonb_array_elements_text(case jsonb_typeof(selected) when 'array' then selected else '[]' end) c
      where not exists (select from pg_attribute a where a.attrelid = item.entity and a.attname = c
        and a.attnum > 0 and not a.attisdropped and has_column_privilege(role, item.entity, a.attnum, 'SELECT'))
      limit 1;
    if missing is not null then
      raise exception 'invalid column for select %', missing;
    end if;
  end loop;
  return case when found_one then null else '' end;
exception when raise_exception then return 'ERROR P0001 (raise_exception) ' || sqlerrm;
  when others then return format('ERROR %s %s', sqlstate, sqlerrm);
end $$;

-- The columns that identify a row in a change, as its replica identity says.
create or replace function _realtime.identity_columns(entity regclass) returns text[]
language sql stable as $$
  select coalesce(array_agg(a.attname::text), '{}') from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.oid = entity and (c.relreplident = 'f' or exists (
    select from pg_index i where i.indrelid = c.oid and a.attnum = any (i.indkey)
    and case c.relreplident when 'd' then i.indisprimary when 'i' then i.indisreplident else false end))
$$;

-- One row per subscriber that sees the change, with the JSON text to send it. A row policy decides on
-- the row as it now stands, read by its primary key with the subscriber's role and claims; a deleted row
-- cannot be read, so under row security a delete tells its primary key and nothing else.
create or replace function _realtime.audience(entry bigint, subscribers jsonb, max_bytes integer)
returns table (subscriber integer, data text)
language plpgsql set timezone = 'UTC' as $$
declare
  f _realtime.feed;
  entity regclass;
  action text;
  secured boolean;
  keys text[];
  identity text[];
  visible_old jsonb;
  oversize boolean;
  errors jsonb := null;
  condition text;
  row_exists text;
  s record;
  matched boolean;
  role_before text := '';
  claims_before jsonb;
  access boolean;
  readable text[];
begin
  select * into f from _realtime.feed where seq = entry;
  if not found then return; end if;
  select c.oid, c.relrowsecurity into entity, secured from pg_class c where c.oid = f.relation;
  if entity is null then return; end if;
  action := f.change ->> 'type';
  keys := array(select a.attname::text from pg_index i
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
    where i.indrelid = entity and i.indisprimary);
  identity := _realtime.identity_columns(entity);
  select jsonb_object_agg(o.key, o.value) into visible_old
    from jsonb_each(case when action = 'INSERT' then '{}' else f.change -> 'old' end) o
    where o.key = any (identity) and (action <> 'DELETE' or not secured or o.key = any (keys));
  oversize := octet_length(f.change::text) > max_bytes;
  if oversize then errors := '["Error 413: Payload Too Large"]'; end if;
  row_exists := format('select exists (select from %s where %s)', entity, (
    select string_agg(format('%I = %L', k, f.change -> 'record' ->> k), ' and ') from unnest(keys) k));

  for s in
    select (x ->> 'n')::integer as n, x ->> 'role' as role, x -> 'claims' as claims, x -> 'filters' as filters,
      case jsonb_typeof(x -> 'select') when 'array' then array(select jsonb_array_elements_text(x -> 'select')) end as selected
    from jsonb_array_elements(subscribers) x
    order by 2, (x -> 'claims')::text
  loop
    if s.role is distinct from role_before then
      role_before := s.role;
      claims_before := null;
      readable := case when to_regrole(s.role) is null then '{}' else array(
        select a.attname::text from pg_attribute a where a.attrelid = entity and a.attnum > 0
        and not a.attisdropped and has_column_privilege(s.role, entity, a.attnum, 'SELECT')) end;
    end if;

    if action <> 'DELETE' and (keys = '{}' or not keys <@ readable) then
      subscriber := s.n;
      data := jsonb_build_object('schema', f.change ->> 'schema', 'table', f.change ->> 'table',
        'type', action, 'columns', '[]'::jsonb, 'commit_timestamp', null, 'record', '{}'::jsonb,
        'errors', jsonb_build_array(case when keys = '{}' then 'Error 400: Bad Request, no primary key'
          else 'Error 401: Unauthorized' end))
        || case when action = 'UPDATE' then '{"old_record": {}}'::jsonb else '{}'::jsonb end;
      return next;
      continue;
    end if;

    begin
      if exists (select from jsonb_array_elements(s.filters) x where not exists (
        select from pg_attribute a where a.attrelid = entity and a.attname = x ->> 'column' and not a.attisdropped
        and (action <> 'DELETE' or a.attname = any (identity))))
      then
        matched := false;
      else
        condition := _realtime.condition(entity, s.filters);
        if condition = 'true' then matched := true;
        else
          execute format('select %s from jsonb_populate_record(null::%s, $1) r', condition, entity)
            into matched using case when action = 'DELETE' then f.change -> 'old' else f.change -> 'record' end;
        end if;
      end if;
    exception when others then
      matched := false;
    end;
    continue when matched is not true;

    if secured and action <> 'DELETE' then
      if claims_before is distinct from s.claims then
        claims_before := s.claims;
        begin
          perform _realtime.become('', s.role, s.claims, '{}');
          execute row_exists into access;
          perform set_config('role', 'none', true);
        exception when others then
          access := false;
        end;
      end if;
      continue when access is not true;
    end if;

    subscriber := s.n;
    data := (jsonb_build_object(
      'schema', f.change ->> 'schema', 'table', f.change ->> 'table', 'type', action,
      'commit_timestamp', to_char(f.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'errors', errors,
      'columns', (select coalesce(jsonb_agg(jsonb_build_object('name', a.attname, 'type', t.typname) order by a.attnum), '[]')
        from pg_attribute a join pg_type t on t.oid = a.atttypid
        where a.attrelid = entity and a.attnum > 0 and not a.attisdropped and a.attname = any (readable)
        and (s.selected is null or a.attname = any (s.selected) or a.attname = any (keys))))
      || case when action = 'DELETE' then '{}' else jsonb_build_object('record',
        _realtime.shown(f.change -> 'record', readable, s.selected, keys, oversize)) end
      || case when action = 'INSERT' then '{}' else jsonb_build_object('old_record',
        _realtime.shown(visible_old, readable, s.selected, keys, oversize)) end)::text;
    return next;
  end loop;
end $$;

create or replace function _realtime.shown(
  record jsonb, readable text[], selected text[], keys text[], oversize boolean) returns jsonb
language sql immutable as $$
  select coalesce(jsonb_object_agg(e.key, e.value), '{}') from jsonb_each(coalesce(record, '{}')) e
  where e.key = any (readable) and (selected is null or e.key = any (selected) or e.key = any (keys))
  and (not oversize or octet_length(e.value::text) <= 64)
$$;

revoke all on all tables in schema _realtime from public;
revoke execute on all functions in schema _realtime from public;
