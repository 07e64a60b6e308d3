import { randomBytes } from 'node:crypto'
import { createClient, type SupabaseClient, type SupabaseClientOptions } from '@supabase/supabase-js'
import { inject } from 'vitest'
import { WebSocket } from 'ws'

// Node 20 has no WebSocket of its own that supabase-js could use, and a test process has no tab in
// which a session could be kept.
const clientOptions = {
  auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  realtime: { transport: WebSocket as never },
} satisfies SupabaseClientOptions<'public'>

/** Nobody: the publishable key alone. */
export function anonymousClient(): SupabaseClient {
  const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY } = inject('stack')
  return createClient(SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, clientOptions)
}

/** The secret key: past every policy. */
export function adminClient(): SupabaseClient {
  const { SUPABASE_URL, SUPABASE_SECRET_KEY } = inject('stack')
  return createClient(SUPABASE_URL, SUPABASE_SECRET_KEY, clientOptions)
}

export interface Person {
  id: string
  email: string
  password: string
  /** Signed in. */
  client: SupabaseClient
}

export async function makePerson(displayName?: string): Promise<Person> {
  const email = `person-${randomBytes(8).toString('hex')}@example.com`
  const password = randomBytes(12).toString('base64url')
  const { data, error } = await adminClient().auth.admin.createUser({
    email,
    password,
    email_confirm: true,
    ...(displayName === undefined ? {} : { user_metadata: { display_name: displayName } }),
  })
  if (error) throw error
  const client = anonymousClient()
  const signedIn = await client.auth.signInWithPassword({ email, password })
  if (signedIn.error) throw signedIn.error
  return { id: data.user.id, email, password, client }
}

export type Role = 'owner' | 'admin' | 'agent' | 'viewer'

/** The person becomes its owner. */
export async function makeWorkspace(person: Person, name = 'A workspace'): Promise<string> {
  const { data, error } = await person.client.rpc('create_workspace', { name })
  if (error) throw error
  return data as string
}

/** At once, past the invitation: how people really join has tests of its own. */
export async function addMember(workspace: string, person: Person, role: Role): Promise<void> {
  const { error } = await adminClient()
    .from('memberships')
    .insert({ workspace_id: workspace, user_id: person.id, role })
  if (error) throw error
}
