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

  -- What comes next: a number, or from 20 on a text (its length, then its bytes).
  s_sections constant int := 1;
  s_structs constant int := 2;
  s_client constant int := 3;
  s_clock constant int := 4;
  s_length constant int := 5;
  s_ref_client constant int := 6;
  s_ref_clock constant int := 7;
  s_parent_kind constant int := 8;
  s_json_count constant int := 9;
  s_type constant int := 10;
  s_any_count constant int := 11;
  s_delete_clients constant int := 12;
  s_delete_client constant int := 13;
  s_delete_ranges constant int := 14;
  s_delete_clock constant int := 15;
  s_delete_length constant int := 16;
  s_string constant int := 20;
  s_parent_name constant int := 21;
  s_parent_key constant int := 22;
  s_format_key constant int := 23;
  s_json constant int := 24;
  s_json_item constant int := 25;
  s_node_name constant int := 26;
  s_doc_guid constant int := 27;
  s_binary constant int := 28;
  -- The state in which the content of each kind starts.
  contents constant int[] := array[s_length, s_json_count, s_binary, s_string, s_json, s_format_key,
    s_type, s_any_count, s_doc_guid];

  size constant int := octet_length(update);
  pos int := 0;
  state int := s_sections;
  number bigint;
  shift int;
  octet int;
  bytes bytea;
  at_struct boolean := false;
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
  ranges bigint;
  delete_clients bigint;
begin
  loop
    if at_struct then
      -- The info byte of a struct.
      if pos >= size then
        return format('it ends at byte %s, before a struct', pos);
      end if;
      octet := get_byte(update, pos);
      pos := pos + 1;
      at_struct := false;
      units := 1;
      content := octet & 31;
      if content between 1 and 9 then
        after_refs := contents[content];
        if octet >= 64 then
          refs := (octet >> 7) + ((octet >> 6) & 1);
          state := s_ref_client;
        else
          if octet & 32 = 32 then
            after_refs := s_parent_key;
          end if;
          state := s_parent_kind;
        end if;
      elsif octet = 0 or octet = 10 then
        state := s_length;
      else
        return format('an unknown struct at byte %s', pos - 1);
      end if;
    end if;

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
      if number > size - pos then
        return format('it ends inside a text that starts at byte %s', pos);
      end if;
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
      elsif state = s_binary then
        struct_done := true;
      else
        perform private.utf16_length(bytes);
        if state = s_parent_name then
          state := after_refs;
        elsif state = s_parent_key then
          state := contents[content];
        elsif state = s_format_key then
          state := s_json;
        else
          if state = s_doc_guid then
            pos := private.after_yjs_values(update, pos, 1, true);
          end if;
          struct_done := true;
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
    elsif state = s_length then
      units := number;
      struct_done := true;
    elsif state = s_type then
      if number > 6 then
        return format('an unknown type before byte %s', pos);
      end if;
      -- Elements and hooks carry their name.
      state := s_node_name;
      struct_done := number not in (3, 5);
    elsif state = s_any_count then
      units := number;
      if number > 0 then
        pos := private.after_yjs_values(update, pos, number, false);
      end if;
      struct_done := true;
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
      at_struct := true;
    elsif state = s_delete_client then
      state := s_delete_ranges;
    else
      if state = s_delete_clients then
        delete_clients := number;
        ranges := 0;
      elsif state = s_delete_ranges then
        ranges := number;
        delete_clients := delete_clients - 1;
      else -- s_delete_length
        if number = 0 or clock > max_clock or number > max_clock or clock + number > max_clock then
          return format('a deletion of nothing or out of range before byte %s', pos);
        end if;
        ranges := ranges - 1;
      end if;
      exit when ranges = 0 and delete_clients = 0;
      state := case when ranges > 0 then s_delete_clock else s_delete_client end;
    end if;

    if struct_done then
      struct_done := false;
      if units < 1 or units > max_clock or clock > max_clock or clock + units > max_clock then
        return format('a struct of length zero or out of range before byte %s', pos);
      end if;
      clock := clock + units;
      structs := structs - 1;
      if structs > 0 then
        at_struct := true;
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
  when sqlstate 'YJS01' then
    return sqlerrm;
  when data_exception or program_limit_exceeded then
    return format('a text that is not UTF-8 or not JSON near byte %s', pos);
end
$$;

revoke execute on function private.check_yjs_update(bytea) from public, anon, authenticated;
