-- How a changed row of a table in the publication `supabase_realtime` comes into the feed. Runs after
-- schema.sql and, like it, again at any time.

-- UTC, so that a row reads the same whatever the zone of the session that wrote it.
create or replace function _realtime.feed_change() returns trigger
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
declare
  entry bigint;
begin
  insert into _realtime.feed (relation, change) values (tg_relid, jsonb_build_object(
    'schema', tg_table_schema, 'table', tg_table_name, 'type', tg_op,
    'record', case when tg_op <> 'DELETE' then to_jsonb(new) end,
    'old', case when tg_op <> 'INSERT' then to_jsonb(old) end))
  returning seq into entry;
  perform pg_catalog.pg_notify('realtime_feed', entry || ' change');
  return null;
end $$;

create or replace view _realtime.published as
  select c.oid::regclass as entity, n.nspname as schema, c.relname as name,
    p.pubinsert, p.pubupdate, p.pubdelete
  from pg_publication p
  join pg_publication_tables t on t.pubname = p.pubname
  join pg_namespace n on n.nspname = t.schemaname
  join pg_class c on c.relnamespace = n.oid and c.relname = t.tablename
  where p.pubname = 'supabase_realtime' and c.relkind = 'r'
    and n.nspname not in ('realtime', '_realtime', 'pg_catalog', 'information_schema');

-- Gives every published table the trigger it needs and takes it from the others. Its name sorts last, so
-- that it sees the row as the table's own triggers left it.
create or replace function _realtime.attach_changes() returns void
language plpgsql security definer set search_path = pg_catalog set realtime.attaching = 'on' as $$
declare
  item record;
begin
  for item in
    with wanted as (
      select entity, concat_ws(' or ', case when pubinsert then 'insert' end,
        case when pubupdate then 'update' end, case when pubdelete then 'delete' end) as events
      from _realtime.published),
    present as (
      select t.tgrelid::regclass as entity, concat_ws(' or ', case when t.tgtype & 4 > 0 then 'insert' end,
        case when t.tgtype & 16 > 0 then 'update' end, case when t.tgtype & 8 > 0 then 'delete' end) as events
      from pg_trigger t where t.tgname = 'zz_realtime_changes' and not t.tgisinternal)
    select coalesce(w.entity, p.entity) as entity, nullif(w.events, '') as events
    from wanted w full join present p on p.entity = w.entity
    where nullif(w.events, '') is distinct from p.events
  loop
    execute format('drop trigger if exists zz_realtime_changes on %s', item.entity);
    if item.events is not null then
      begin
        execute format('create trigger zz_realtime_changes after %s on %s for each row '
          'execute function _realtime.feed_change()', item.events, item.entity);
        execute format('alter table %s enable always trigger zz_realtime_changes', item.entity);
      exception when duplicate_object then null; -- another session was faster
      end;
    end if;
    perform pg_notify('realtime_feed', 'publication');
  end loop;
end $$;

create or replace function _realtime.follow_publication() returns event_trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  -- Attaching alters tables itself.
  if current_setting('realtime.attaching', true) is distinct from 'on' then
    perform _realtime.attach_changes();
  end if;
end $$;

drop event trigger if exists realtime_follow_publication;
create event trigger realtime_follow_publication on ddl_command_end
  when tag in ('CREATE PUBLICATION', 'ALTER PUBLICATION', 'CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE')
  execute function _realtime.follow_publication();
drop event trigger if exists realtime_follow_publication_drop;
create event trigger realtime_follow_publication_drop on sql_drop
  when tag in ('DROP PUBLICATION')
  execute function _realtime.follow_publication();

do $$
begin
  if not exists (select from pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
  end if;
end $$;

select _realtime.attach_changes();
