/** People of a measurement, made through the stack's own doors. */
import { randomBytes } from 'node:crypto'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { WebSocket } from 'ws'

export interface Keys {
  readonly url: string
  readonly publishableKey: string
  readonly secretKey: string
  readonly databaseUrl: string
}

export interface Person {
  readonly id: string
  readonly email: string
  readonly password: string
  readonly client: SupabaseClient
  /** On one more device. */
  signIn(keys: Keys): Promise<SupabaseClient>
}

const clientOf = (url: string, key: string) =>
  createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    // Node 20 has no WebSocket that supabase-js could use.
    realtime: { transport: WebSocket as never },
  })

export async function makePerson(keys: Keys): Promise<Person> {
  const email = `person-${randomBytes(8).toString('hex')}@example.com`
  const password = randomBytes(12).toString('base64url')
  const { data, error } = await clientOf(keys.url, keys.secretKey).auth.admin.createUser({
    email,
    password,
    email_confirm: true,
  })
  if (error) throw error
  const signIn = async ({ url, publishableKey }: Keys) => {
    const client = clientOf(url, publishableKey)
    const signedIn = await client.auth.signInWithPassword({ email, password })
    if (signedIn.error) throw signedIn.error
    return client
  }
  return { id: data.user.id, email, password, client: await signIn(keys), signIn }
}

export async function makeWorkspace(person: Person): Promise<string> {
  const { data, error } = await person.client.rpc('create_workspace', { name: 'A workspace' })
  if (error) throw error
  return data as string
}

export async function addMember(keys: Keys, workspace: string, person: Person): Promise<void> {
  const { error } = await clientOf(keys.url, keys.secretKey)
    .from('memberships')
    .insert({ workspace_id: workspace, user_id: person.id, role: 'agent' })
  if (error) throw error
}
