-- Signed links. A token is `<base64url payload>.<base64url hmac-sha256>`; the payload is
-- {"i": invitation id}. The signature lets a forged or mistyped link be refused before any row is read,
-- and keeps ids, which admins see in the table, from being links.

-- HMAC over the built-in sha256(), so that no extension is needed (RFC 2104, block of 64 bytes).
create function private.hmac_sha256(message bytea, secret bytea)
returns bytea
language plpgsql
immutable
set search_path = ''
as $$
declare
  key bytea := case when octet_length(secret) > 64 then sha256(secret) else secret end;
  inner_key bytea := decode(repeat('36', 64), 'hex');
  outer_key bytea := decode(repeat('5c', 64), 'hex');
begin
  for i in 0 .. octet_length(key) - 1 loop
    inner_key := set_byte(inner_key, i, get_byte(key, i) # 54);
    outer_key := set_byte(outer_key, i, get_byte(key, i) # 92);
  end loop;
  return sha256(outer_key || sha256(inner_key || message));
end
$$;

create function private.base64url(bytes bytea)
returns text
language sql
immutable
set search_path = ''
as $$
  select rtrim(translate(encode(bytes, 'base64'), E'+/\n', '-_'), '=')
$$;

create function private.sign_invitation(invitation uuid)
returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  payload text := private.base64url(convert_to('{"i":"' || invitation || '"}', 'UTF8'));
  secret bytea;
begin
  select decode(s.value, 'hex') into strict secret
  from private.settings s where s.key = 'invitation_secret';
  return payload || '.' || private.base64url(private.hmac_sha256(convert_to(payload, 'UTF8'), secret));
end
$$;

-- The invitation that a token names, or null for anything that we did not sign. The id is cut out of
-- the payload and the whole token made again: only one text is right, and hashing both sides keeps
-- the time of the comparison from telling how much of it was.
create function private.invitation_of(token text)
returns uuid
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  payload text := split_part(coalesce(token, ''), '.', 1);
  id uuid;
begin
  if char_length(coalesce(token, '')) > 200 or payload !~ '^[A-Za-z0-9_-]+$' then
    return null;
  end if;
  begin
    id := private.uuid_or_null(
      convert_from(
        decode(translate(payload, '-_', '+/') || repeat('=', (4 - length(payload) % 4) % 4), 'base64'),
        'UTF8')::json ->> 'i');
  exception when data_exception then
    return null;
  end;
  if id is null
    or sha256(convert_to(token, 'UTF8'))
      <> sha256(convert_to(private.sign_invitation(id), 'UTF8')) then
    return null;
  end if;
  return id;
end
$$;

revoke execute on function
  private.hmac_sha256(bytea, bytea),
  private.base64url(bytea),
  private.sign_invitation(uuid),
  private.invitation_of(text)
  from public, anon, authenticated;
