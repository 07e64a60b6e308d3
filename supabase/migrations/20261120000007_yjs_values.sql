-- The pieces of a Yjs update that nest: texts, JSON, and the values that lib0 calls `any`. What is wrong
-- with one is raised as YJS01 with words of ours; conversions raise errors of class 22.

-- Length of a text in UTF-16 units, as JavaScript counts it; raises if the bytes are not UTF-8.
create function private.utf16_length(bytes bytea)
returns int
language plpgsql
immutable
set search_path = ''
as $$
declare
  value text;
  chars int;
begin
  if position('\x00'::bytea in bytes) > 0 then
    -- A text of PostgreSQL cannot hold NUL and a string of Yjs can. As ASCII it matters neither to
    -- validity nor to length once it is another ASCII character.
    bytes := decode(
      replace(replace(encode(bytes, 'escape'), '\\', 'x'), '\000', 'x'), 'escape');
  end if;
  value := convert_from(bytes, 'UTF8');
  chars := char_length(value);
  if chars = octet_length(bytes) then
    return chars;
  end if;
  -- Characters beyond the basic plane are two units and the only ones of four bytes.
  return chars + regexp_count(value, '[\U00010000-\U0010FFFF]');
end
$$;

-- Raises if the bytes are not JSON as JSON.parse reads it, or are nested too deep.
create function private.check_json(bytes bytea)
returns void
language plpgsql
immutable
set search_path = ''
as $$
declare
  value text := convert_from(bytes, 'UTF8');
  brackets text;
begin
  perform value::json;
  if char_length(value) > 100 then
    brackets := regexp_replace(value, '"(?:[^"\\]|\\.)*"', '', 'g');
    brackets := regexp_replace(brackets, '[^][{}]', '', 'g');
    -- Each pass takes away the innermost pairs.
    for depth in 1 .. 100 loop
      exit when brackets = '';
      brackets := replace(replace(brackets, '[]', ''), '{}', '');
    end loop;
    if brackets <> '' then
      raise exception using errcode = 'YJS01', message = 'JSON that is nested too deep';
    end if;
  end if;
end
$$;

-- The place after `count` values that start at `pos`. A value is a tag and what belongs to it: 127
-- undefined, 126 null, 125 integer, 124 float32, 123 float64, 122 bigint, 121 false, 120 true, 119 text,
-- 118 object (count, then key and value each), 117 list (count, values), 116 bytes. The options of a
-- subdocument are one object of few known names: others could overwrite its guid or its filter with
-- something that throws when the document is written again.
create function private.after_yjs_values(update bytea, pos int, count bigint, are_options boolean)
returns int
language plpgsql
immutable
set search_path = ''
as $$
declare
  max_depth constant int := 100;
  options constant bytea[] := array['gc'::bytea, 'autoLoad'::bytea, 'meta'::bytea];
  size constant int := octet_length(update);
  left_over bigint := count;
  -- Per open collection: how many members are to come, and whether each has a key.
  depth int := 0;
  members bigint[];
  has_keys boolean[];
  at_key boolean := false;
  tag int;
  number bigint;
  shift int;
  octet int;
  bytes bytea;
begin
  loop
    -- A key has no tag; it is a text like any other.
    tag := 119;
    if not at_key then
      if pos >= size then
        raise exception using errcode = 'YJS01', message = format('it ends at byte %s, inside a value', pos);
      end if;
      tag := get_byte(update, pos);
      pos := pos + 1;
      if are_options and depth = 0 and tag <> 118 then
        raise exception using errcode = 'YJS01',
          message = format('options of a subdocument that are no object at byte %s', pos - 1);
      end if;
    end if;

    if tag in (120, 121, 126, 127) then
      null;
    elsif tag in (122, 123, 124) then
      pos := pos + case when tag = 124 then 4 else 8 end;
    elsif tag in (116, 117, 118, 119, 125) then
      number := 0;
      shift := 0;
      loop
        if pos >= size then
          raise exception using errcode = 'YJS01', message = format('it ends at byte %s, inside a number', pos);
        end if;
        octet := get_byte(update, pos);
        pos := pos + 1;
        number := number + ((octet & 127)::bigint << shift);
        exit when octet < 128;
        shift := shift + 7;
        if shift > 49 then
          raise exception using errcode = 'YJS01', message = format('a number that is too large at byte %s', pos - 1);
        end if;
      end loop;
      if tag = 119 or tag = 116 then
        if number > size - pos then
          raise exception using errcode = 'YJS01', message = format('it ends inside a text that starts at byte %s', pos);
        end if;
        if tag = 119 then
          bytes := substring(update from pos + 1 for number::int);
          perform private.utf16_length(bytes);
          if at_key and are_options and depth = 1 and bytes <> all (options) then
            raise exception using errcode = 'YJS01',
              message = format('an unknown option of a subdocument at byte %s', pos);
          end if;
        end if;
        pos := pos + number::int;
      elsif tag <> 125 then -- Of an integer only the end matters.
        if depth = max_depth then
          raise exception using errcode = 'YJS01', message = format('values nested too deep at byte %s', pos);
        end if;
        depth := depth + 1;
        members[depth] := number;
        has_keys[depth] := tag = 118;
      end if;
    else
      raise exception using errcode = 'YJS01', message = format('an unknown kind of value at byte %s', pos - 1);
    end if;
    if pos > size then
      raise exception using errcode = 'YJS01', message = 'it ends inside a value';
    end if;

    if at_key then
      at_key := false;
      continue;
    end if;
    -- A value is complete, or a collection has begun: on with the next member, or with the list.
    while depth > 0 and members[depth] = 0 loop
      depth := depth - 1;
    end loop;
    if depth > 0 then
      members[depth] := members[depth] - 1;
      at_key := has_keys[depth];
    else
      left_over := left_over - 1;
      exit when left_over = 0;
    end if;
  end loop;
  return pos;
end
$$;

revoke execute on function
  private.utf16_length(bytea),
  private.check_json(bytea),
  private.after_yjs_values(bytea, int, bigint, boolean)
  from public, anon, authenticated;
