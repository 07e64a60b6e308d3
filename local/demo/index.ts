import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { Sql } from 'postgres'
import { WebSocket } from 'ws'
import { demoPassword, demoPeople, demoWorkspace } from './people.ts'
import { seedDemoTasks } from './tasks.ts'

interface Target {
  url: string
  publishableKey: string
  secretKey: string
}

/** Makes the demo unless it was made before, or the stack is already somebody's. */
export async function seedDemo(target: Target, sql: Sql): Promise<void> {
  const [state] = await sql<{ done: boolean; taken: boolean }[]>`
    select exists (select from supabase_migrations.seed_files where path = 'demo') as done,
      exists (
        select from auth.users where coalesce(email, '') <> all (${demoPeople.map(({ email }) => email)})
      ) as taken`
  if (!state || state.done || state.taken) return
  const [first, second] = demoPeople
  for (const person of demoPeople) await makePerson(target, person)
  const owner = await signIn(target, first.email)
  const guest = await signIn(target, second.email)
  const workspaceId = await findOrMakeWorkspace(owner.client)
  await joinByInvitation(owner.client, guest.client, workspaceId, second.email)
  await seedDemoTasks(owner.client, {
    workspaceId,
    people: [
      { id: owner.id, name: first.name, role: 'owner' },
      { id: guest.id, name: second.name, role: 'agent' },
    ],
  })
  await sql`insert into supabase_migrations.seed_files (path, hash) values ('demo', '1') on conflict do nothing`
}

function client({ url }: Target, key: string): SupabaseClient {
  return createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    realtime: { transport: WebSocket as never },
  })
}

async function makePerson(target: Target, { name, email }: { name: string; email: string }): Promise<void> {
  const { error } = await client(target, target.secretKey).auth.admin.createUser({
    email,
    password: demoPassword,
    email_confirm: true,
    user_metadata: { display_name: name },
  })
  if (error && error.code !== 'email_exists')
    throw new Error(`The demo person could not be made: ${error.message}`)
}

async function signIn(target: Target, email: string): Promise<{ id: string; client: SupabaseClient }> {
  const person = client(target, target.publishableKey)
  const { data, error } = await person.auth.signInWithPassword({ email, password: demoPassword })
  if (error) throw new Error(`The demo person could not sign in: ${error.message}`)
  return { id: data.user.id, client: person }
}

async function findOrMakeWorkspace(owner: SupabaseClient): Promise<string> {
  const known = await owner.rpc('my_workspaces')
  if (known.error) throw new Error(`The demo workspace could not be read: ${known.error.message}`)
  const found = (known.data as { id: string; name: string }[]).find(({ name }) => name === demoWorkspace)
  if (found) return found.id
  const { data, error } = await owner.rpc('create_workspace', { name: demoWorkspace })
  if (error) throw new Error(`The demo workspace could not be made: ${error.message}`)
  return data as string
}

async function joinByInvitation(
  owner: SupabaseClient,
  guest: SupabaseClient,
  workspace: string,
  email: string,
) {
  const { data: mine } = await guest.rpc('my_workspaces')
  if ((mine as { id: string }[] | null)?.some(({ id }) => id === workspace)) return
  const invitation = await owner.rpc('create_invitation', { workspace, role: 'agent', email })
  if (invitation.error) throw new Error(`The demo invitation could not be made: ${invitation.error.message}`)
  const { token } = invitation.data as { token: string }
  const { error } = await guest.rpc('accept_invitation', { token })
  if (error) throw new Error(`The demo invitation could not be accepted: ${error.message}`)
}
