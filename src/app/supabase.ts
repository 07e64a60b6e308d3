import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { makeCarefulFetch } from './careful-fetch.ts'
import { authStorageKey, publishableKey, supabaseUrl } from './config.ts'

/** The one client. This module is loaded after the first paint only; nothing before it may wait for it. */
export const supabase: SupabaseClient = createClient(supabaseUrl, publishableKey, {
  auth: {
    storageKey: authStorageKey,
    persistSession: true,
    autoRefreshToken: true,
    detectSessionInUrl: true,
  },
  global: { fetch: makeCarefulFetch((input, init) => fetch(input, init)) },
})
