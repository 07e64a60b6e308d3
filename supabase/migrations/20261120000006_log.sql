-- The log: documents and their updates, in order. Truth lives here; everything else is a copy, a
-- projection or a hint. push() and pull() are the only doors: row level security is on and there is no
-- policy, so that no client reads or writes these tables directly.

create table public.docs (
  id text collate "C" primary key,
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  kind text not null check (
    kind in ('directory', 'inbox', 'board', 'archive', 'fleet', 'metrics', 'conversation', 'notes')),
  head_seq bigint not null default 0,
  snapshot_seq bigint not null default 0,
  projected_seq bigint not null default 0,
  -- Changes when a device knows an update that the server does not: the server was restored from an
  -- older backup, and every device pushes again what it has more.
  epoch uuid not null default gen_random_uuid(),
  -- When it was taken because of a device's claim; see private.renew_epoch().
  epoch_at timestamptz not null default '-infinity',
  check (snapshot_seq between 0 and head_seq),
  check (projected_seq between 0 and head_seq)
);
create index docs_workspace on public.docs (workspace_id);

create table public.doc_updates (
  doc_id text collate "C" not null references public.docs (id) on delete cascade,
  seq bigint not null check (seq > 0),
  op_id uuid not null,
  update bytea not null,
  -- No foreign key: who wrote a line stays on record when the account is gone.
  author uuid,
  actor_type text not null check (actor_type in ('user', 'agent', 'system')),
  client_id bigint,
  created_at timestamptz not null,
  primary key (doc_id, seq),
  unique (doc_id, op_id)
);
-- Yjs updates are small and dense: compressing them costs time and saves nothing.
alter table public.doc_updates alter column update set storage external;

create table public.doc_snapshots (
  doc_id text collate "C" not null references public.docs (id) on delete cascade,
  seq bigint not null check (seq > 0),
  -- The op_id of the update at `seq`, so that a device that starts here has a whole cursor.
  op_id uuid not null,
  state bytea not null,
  created_at timestamptz not null default now(),
  primary key (doc_id, seq)
);
alter table public.doc_snapshots alter column state set storage external;

-- Who writes under which Yjs client id. The first claim in a workspace stands.
create table public.doc_clients (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  client_id bigint not null check (client_id between 0 and 9007199254740991),
  user_id uuid not null,
  registered_at timestamptz not null default now(),
  primary key (workspace_id, client_id)
);

alter table public.docs enable row level security;
alter table public.doc_updates enable row level security;
alter table public.doc_snapshots enable row level security;
alter table public.doc_clients enable row level security;
revoke all on public.docs, public.doc_updates, public.doc_snapshots, public.doc_clients
  from public, anon, authenticated;
grant all on public.docs, public.doc_updates, public.doc_snapshots, public.doc_clients to service_role;

-- ------------------------------------------------------------------------------- document names
-- `kind` null: not a name of ours. `workspace` is null for conversations, whose workspace only the
-- table knows, so that moving a conversation id to another workspace is not a matter of spelling.
create function private.read_doc_id(id text, out kind text, out workspace uuid)
language plpgsql
immutable
set search_path = ''
as $$
declare
  parts text[];
begin
  -- The pattern below is anchored, but a name of a megabyte should not even reach it.
  if id is null or octet_length(id) > 200 then
    return;
  end if;
  if id ~ '^conv/[0-7][0-9A-HJKMNP-TV-Z]{25}(/notes)?$' then
    kind := case when id like '%/notes' then 'notes' else 'conversation' end;
    return;
  end if;
  parts := regexp_match(id, '^ws/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/(.*)$');
  if parts is null then
    return;
  end if;
  kind := case
    when parts[2] in ('directory', 'inbox', 'fleet') then parts[2]
    when parts[2] ~ '^board/[a-z0-9-]{1,64}$' then 'board'
    when parts[2] ~ '^board/[a-z0-9-]{1,64}/archive/[0-9]{4}$' then 'archive'
    when parts[2] ~ '^metrics/[0-9]{4}-(0[1-9]|1[0-2])$' then 'metrics'
  end;
  if kind is not null then
    workspace := parts[1]::uuid;
  end if;
end
$$;

-- A conversation and its notes are always of one workspace.
create function private.workspace_of_conversation(doc text)
returns uuid
language sql
stable
security definer
set search_path = ''
as $$
  select d.workspace_id from public.docs d where d.id = left(doc, 31)
$$;

-- The name of the topic on which a document's updates are announced.
create function private.topic_of(doc text)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  return case
    when doc like 'conv/%' then 'conv:' || substr(doc, 6, 26)
    else 'ws:' || substr(doc, 4, 36)
  end;
end
$$;

revoke execute on function
  private.read_doc_id(text),
  private.workspace_of_conversation(text),
  private.topic_of(text)
  from public, anon, authenticated;
