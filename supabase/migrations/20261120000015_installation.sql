-- What the function `health` asks: facts about this installation, for the secret key alone.

create function public.check_installation()
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  latest text;
begin
  -- The Supabase CLI and the embedded stack both keep their record here. Whoever applied the files by
  -- hand has none.
  if to_regclass('supabase_migrations.schema_migrations') is not null then
    execute 'select max(version) from supabase_migrations.schema_migrations' into latest;
  end if;
  return jsonb_build_object(
    'latest_migration', latest,
    'realtime_send', to_regprocedure('realtime.send(jsonb,text,text,boolean)') is not null,
    'realtime_policies', (
      select count(*) from pg_catalog.pg_policies p
      where p.schemaname = 'realtime' and p.tablename = 'messages'
        and p.policyname in ('members hear their topics', 'members speak where they meet')) = 2,
    'storage_policies', (
      select count(*) from pg_catalog.pg_policies p
      where p.schemaname = 'storage' and p.tablename = 'objects'
        and p.policyname like '% attachments') = 4,
    'profile_trigger', exists (
      select 1 from pg_catalog.pg_trigger t
      where t.tgname = 'make_profile' and t.tgrelid = 'auth.users'::regclass and t.tgenabled <> 'D'),
    'invitation_secret', exists (
      select 1 from private.settings s where s.key = 'invitation_secret' and length(s.value) = 64));
end
$$;

revoke execute on function public.check_installation() from public, anon, authenticated;
grant execute on function public.check_installation() to service_role;
