-- Is this a well-formed Yjs update (v1)? One bad update in the log would make every device that pulls
-- the document throw, for ever, so the server reads each update to its last byte before it is stored.
--
-- The format (lib0 varints; all numbers are varuints unless said):
--   sections, then per section: structs, client, clock, and the structs one after the other;
--   delete clients, then per client: client, ranges, and per range clock and length; end of bytes.
--   A struct starts with an info byte: 0 GC + length, 10 skip + length, otherwise an item: flag 128
--   left origin (client, clock), flag 64 right origin (client, clock), neither: parent (1 + root name,
--   or 0 + client, clock) and with flag 32 the key in it; then content by the low five bits:
--   1 deleted (length), 2 JSON (count, texts), 3 binary, 4 string, 5 embed (JSON text), 6 format (key,
--   JSON text), 7 type (type number; 3 and 5 carry a name), 8 any (count, values), 9 document (guid,
--   one value that is an object).
--
-- Beyond "it decodes", what is refused because readers break on it later:
--   * things of length zero (they make two structs share an id);
--   * an item that refers to itself or to a later item of the same client (Yjs does not wait for those,
--     it throws);
--   * a client in two sections, or sections out of order (applying and merging then differ);
--   * clocks above 2^48 (Yjs keeps what waits for its dependencies in the v2 encoding, which doubles
--     differences of clocks and loses what is above 2^53);
--   * options of a subdocument other than gc, autoLoad and meta (they could overwrite its guid or its
--     filter with a value that throws when the document is written again);
--   * values or JSON nested deeper than 100 (readers are recursive).
--
-- It is one loop with a state, not a function per production: a call costs more in PL/pgSQL than all
-- the arithmetic of a number.

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
      raise data_exception using message = 'JSON is nested too deep';
    end if;
  end if;
end
$$;

-- Null when the update is well formed, otherwise what is wrong with it and where.
create function private.check_yjs_update(update bytea)
returns text
language plpgsql
immutable
set search_path = ''
as $$
declare
  max_number constant bigint := 9007199254740991;
  max_clock constant bigint := 281474976710656;
  max_depth constant int := 100;

  -- What comes next. Up to 2 a byte, up to 19 a number, from 20 on a text (its length, then its bytes).
  s_info constant int := 1;
  s_any constant int := 2;
  s_sections constant int := 3;
  s_structs constant int := 4;
  s_client constant int := 5;
  s_clock constant int := 6;
  s_length constant int := 7;
  s_ref_client constant int := 8;
  s_ref_clock constant int := 9;
  s_parent_kind constant int := 10;
  s_json_count constant int := 11;
  s_type constant int := 12;
  s_any_count constant int := 13;
  s_any_members constant int := 14;
  s_delete_clients constant int := 15;
  s_delete_client constant int := 16;
  s_delete_ranges constant int := 17;
  s_delete_clock constant int := 18;
  s_delete_length constant int := 19;
  s_string constant int := 20;
  s_parent_name constant int := 21;
  s_parent_key constant int := 22;
  s_format_key constant int := 23;
  s_json constant int := 24;
  s_json_item constant int := 25;
  s_node_name constant int := 26;
  s_any_key constant int := 27;
  s_any_text constant int := 28;
  s_doc_guid constant int := 29;
  s_binary constant int := 30;
  s_any_bytes constant int := 31;
  -- The state in which the content of each kind starts.
  contents constant int[] := array[s_length, s_json_count, s_binary, s_string, s_json, s_format_key,
    s_type, s_any_count, s_doc_guid];
  document_options constant bytea[] := array['gc'::bytea, 'autoLoad'::bytea, 'meta'::bytea];

  size constant int := octet_length(update);
  pos int := 0;
  state int := s_sections;
  number bigint;
  shift int;
  octet int;
  bytes bytea;
  value_done boolean := false;
  struct_done boolean := false;

  sections bigint;
  structs bigint;
  client bigint;
  previous_client bigint := max_number + 1;
  clock bigint;
  units bigint;
  content int;
  after_refs int;
  refs int;
  ref_client bigint;
  items bigint;
  is_document boolean;
  depth int := 0;
  is_object boolean[];
  members bigint[];
  ranges bigint;
  delete_clients bigint;
begin
  loop
    if state <= s_any then
      -- ------------------------------------------------------------------------------ one byte
      if pos >= size then
        return format('it ends at byte %s, inside a struct', pos);
      end if;
      octet := get_byte(update, pos);
      pos := pos + 1;

      if state = s_info then
        content := octet & 31;
        units := 1;
        is_document := false;
        if content between 1 and 9 then
          state := contents[content];
          if octet >= 64 then
            refs := (octet >> 7) + ((octet >> 6) & 1);
            after_refs := state;
            state := s_ref_client;
          else
            after_refs := case when octet & 32 = 32 then s_parent_key else state end;
            state := s_parent_kind;
          end if;
        elsif octet = 0 or octet = 10 then
          state := s_length;
        else
          return format('an unknown struct at byte %s', pos - 1);
        end if;
        continue;
      end if;

      if octet = 118 or octet = 117 then
        if depth = max_depth then
          return format('values nested too deep at byte %s', pos - 1);
        end if;
        depth := depth + 1;
        is_object[depth] := octet = 118;
        state := s_any_members;
      elsif is_document and depth = 0 then
        return format('options of a subdocument that are no object at byte %s', pos - 1);
      elsif octet = 119 then
        state := s_any_text;
      elsif octet = 125 then
        -- A signed number; its value does not matter, its end does.
        shift := 0;
        loop
          if pos >= size then
            return format('it ends at byte %s, inside a number', pos);
          end if;
          octet := get_byte(update, pos);
          pos := pos + 1;
          exit when octet < 128;
          shift := shift + 1;
          if shift = 7 then
            return format('a number that is too large at byte %s', pos - 1);
          end if;
        end loop;
        value_done := true;
      elsif octet in (120, 121, 126, 127) then
        value_done := true;
      elsif octet in (122, 123, 124) then
        pos := pos + case when octet = 124 then 4 else 8 end;
        if pos > size then
          return 'it ends inside a value';
        end if;
        value_done := true;
      elsif octet = 116 then
        state := s_any_bytes;
      else
        return format('an unknown kind of value at byte %s', pos - 1);
      end if;
    else
      -- ------------------------------------------------------------------------------ a number
      number := 0;
      shift := 0;
      loop
        if pos >= size then
          return format('it ends at byte %s, inside a number', pos);
        end if;
        octet := get_byte(update, pos);
        pos := pos + 1;
        if octet < 128 then
          number := number + (octet::bigint << shift);
          exit;
        end if;
        number := number + ((octet & 127)::bigint << shift);
        shift := shift + 7;
        if shift > 49 then
          return format('a number that is too large at byte %s', pos - 1);
        end if;
      end loop;
      if number > max_number then
        return format('a number that is too large before byte %s', pos);
      end if;

      if state >= s_string then
        -- ---------------------------------------------------------------------------- a text
        if number > size - pos then
          return format('it ends inside a text that starts at byte %s', pos);
        end if;
        if state >= s_binary then
          pos := pos + number::int;
          if state = s_binary then
            struct_done := true;
          else
            value_done := true;
          end if;
        else
          bytes := substring(update from pos + 1 for number::int);
          pos := pos + number::int;
          if state = s_string then
            units := private.utf16_length(bytes);
            struct_done := true;
          elsif state = s_json then
            perform private.check_json(bytes);
            struct_done := true;
          elsif state = s_json_item then
            if bytes <> 'undefined'::bytea then
              perform private.check_json(bytes);
            end if;
            items := items - 1;
            struct_done := items = 0;
          else
            perform private.utf16_length(bytes);
            if state = s_any_text then
              value_done := true;
            elsif state = s_any_key then
              if is_document and depth = 1 and bytes <> all (document_options) then
                return format('an unknown option of a subdocument before byte %s', pos);
              end if;
              state := s_any;
            elsif state = s_parent_name then
              state := after_refs;
            elsif state = s_parent_key then
              state := contents[content];
            elsif state = s_format_key then
              state := s_json;
            elsif state = s_doc_guid then
              is_document := true;
              items := 1;
              state := s_any;
            else
              struct_done := true; -- s_node_name
            end if;
          end if;
        end if;
      elsif state = s_ref_client then
        ref_client := number;
        state := s_ref_clock;
      elsif state = s_ref_clock then
        if number > max_clock or (ref_client = client and number >= clock) then
          return format('a reference to what cannot exist yet before byte %s', pos);
        end if;
        refs := refs - 1;
        state := case when refs = 0 then after_refs else s_ref_client end;
      elsif state = s_parent_kind then
        if number = 1 then
          state := s_parent_name;
        elsif number = 0 then
          refs := 1;
          state := s_ref_client;
        else
          return format('an unknown kind of parent before byte %s', pos);
        end if;
      elsif state = s_delete_clock then
        clock := number;
        state := s_delete_length;
      elsif state = s_delete_length then
        if number = 0 or clock > max_clock or number > max_clock or clock + number > max_clock then
          return format('a deletion of nothing or out of range before byte %s', pos);
        end if;
        ranges := ranges - 1;
        if ranges > 0 then
          state := s_delete_clock;
        else
          delete_clients := delete_clients - 1;
          exit when delete_clients = 0;
          state := s_delete_client;
        end if;
      elsif state = s_length then
        units := number;
        struct_done := true;
      elsif state = s_type then
        if number > 6 then
          return format('an unknown type before byte %s', pos);
        end if;
        if number = 3 or number = 5 then
          state := s_node_name;
        else
          struct_done := true;
        end if;
      elsif state = s_any_count then
        units := number;
        items := number;
        state := s_any;
        struct_done := number = 0;
      elsif state = s_any_members then
        members[depth] := number;
        value_done := true;
      elsif state = s_json_count then
        units := number;
        items := number;
        state := s_json_item;
        struct_done := number = 0;
      elsif state = s_sections then
        sections := number;
        state := case when number = 0 then s_delete_clients else s_structs end;
      elsif state = s_structs then
        if number = 0 then
          return format('a section without structs before byte %s', pos);
        end if;
        structs := number;
        state := s_client;
      elsif state = s_client then
        if number >= previous_client then
          return format('sections that are not in the order of their clients before byte %s', pos);
        end if;
        client := number;
        previous_client := number;
        state := s_clock;
      elsif state = s_clock then
        clock := number;
        state := s_info;
      elsif state = s_delete_clients then
        delete_clients := number;
        exit when number = 0;
        state := s_delete_client;
      elsif state = s_delete_client then
        state := s_delete_ranges;
      else -- s_delete_ranges
        ranges := number;
        if number > 0 then
          state := s_delete_clock;
        else
          delete_clients := delete_clients - 1;
          exit when delete_clients = 0;
          state := s_delete_client;
        end if;
      end if;
    end if;

    -- ------------------------------------------------------------------- what was completed by it
    if value_done then
      -- On with the collection that the value stands in, or with the list of the struct.
      value_done := false;
      while depth > 0 and members[depth] = 0 loop
        depth := depth - 1;
      end loop;
      if depth > 0 then
        members[depth] := members[depth] - 1;
        state := case when is_object[depth] then s_any_key else s_any end;
      else
        items := items - 1;
        state := s_any;
        struct_done := items = 0;
      end if;
    end if;
    if struct_done then
      struct_done := false;
      if units < 1 or units > max_clock or clock + units > max_clock then
        return format('a struct of length zero or out of range before byte %s', pos);
      end if;
      clock := clock + units;
      structs := structs - 1;
      if structs > 0 then
        state := s_info;
      else
        sections := sections - 1;
        state := case when sections > 0 then s_structs else s_delete_clients end;
      end if;
    end if;
  end loop;

  if pos < size then
    return format('%s bytes after its end', size - pos);
  end if;
  return null;
exception
  -- Raised by the conversions of texts.
  when data_exception or program_limit_exceeded then
    return format('a text that is not UTF-8 or not JSON before byte %s', pos);
end
$$;

revoke execute on function
  private.utf16_length(bytea),
  private.check_json(bytea),
  private.check_yjs_update(bytea)
  from public, anon, authenticated;
