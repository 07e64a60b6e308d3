/** The access token over supabase-js. [C7] Only the server's word ends a session; a network that is away does not. */
import type { SupabaseClient } from '@supabase/supabase-js'
import type { Session } from '../ports.ts'

export function makeSession(client: Pick<SupabaseClient, 'auth'>): Session {
  return {
    async renew(force) {
      // `getSession` renews by itself when the token is due.
      const { data, error } = await (force ? client.auth.refreshSession() : client.auth.getSession())
      if (error && isPassing(error)) return 'unreachable'
      return data.session ? 'ready' : 'signed-out'
    },
    subscribe(listener) {
      const { data } = client.auth.onAuthStateChange((event) => {
        if (event === 'SIGNED_IN') listener(true)
        if (event === 'SIGNED_OUT') listener(false)
      })
      return () => data.subscription.unsubscribe()
    },
  }
}

function isPassing({ name, status }: { name: string; status?: number | undefined }): boolean {
  return name === 'AuthRetryableFetchError' || status === 0 || status === 429 || (status ?? 0) >= 500
}
