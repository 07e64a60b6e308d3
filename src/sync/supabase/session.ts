/**
 * One person's access token over supabase-js. [C7] Only the server's word ends a session; a network that is away does
 * not. The client's session is the device's: another tab may sign in somebody else under an engine that still holds
 * this person's documents. That is a sign-out for this engine, whatever the token opens. [D6]
 */
import type { SupabaseClient } from '@supabase/supabase-js'
import type { Session } from '../ports.ts'

export function makeSession(client: Pick<SupabaseClient, 'auth'>, personId: string): Session {
  const renew: Session['renew'] = async (force) => {
    const { data, error } = await client.auth.getSession()
    if (error && isPassing(error)) return 'unreachable'
    if (data.session?.user.id !== personId) return 'signed-out'
    // `getSession` has renewed a token that was due.
    if (!force) return 'ready'
    const renewed = await client.auth.refreshSession()
    // Another tab, or the worker, has renewed it meanwhile, and auth-js kept theirs: that is tried next.
    if (renewed.error?.name === 'AuthRefreshDiscardedError') return await renew(false)
    if (renewed.error && isPassing(renewed.error)) return 'unreachable'
    return renewed.data.session?.user.id === personId ? 'ready' : 'signed-out'
  }

  return {
    renew,
    subscribe(listener) {
      const { data } = client.auth.onAuthStateChange((event, session) => {
        if (event === 'SIGNED_IN') listener(session?.user.id === personId)
        if (event === 'SIGNED_OUT') listener(false)
      })
      return () => data.subscription.unsubscribe()
    },
  }
}

/** The token of this person, or null when the device holds none of theirs; throws when it could not be renewed now. */
export async function tokenOf(
  client: Pick<SupabaseClient, 'auth'>,
  personId: string,
): Promise<string | null> {
  const { data, error } = await client.auth.getSession()
  if (error && isPassing(error)) throw error
  return data.session?.user.id === personId ? data.session.access_token : null
}

function isPassing({ name, status }: { name: string; status?: number | undefined }): boolean {
  return name === 'AuthRetryableFetchError' || status === 0 || status === 429 || (status ?? 0) >= 500
}
