import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { makeFetchInTurn } from '../sync/browser/renewal.ts'
import { makeCarefulFetch } from './careful-fetch.ts'
import { authStorageKey, publishableKey, supabaseUrl } from '../sync/browser/project.ts'
import { authStorage } from './tokens.ts'

const inTurn = makeFetchInTurn(
  { turns: navigator.locks, tokens: authStorage, key: authStorageKey },
  (input, init) => fetch(input, init),
)

/** The one client. This module is loaded after the first paint only; nothing before it may wait for it. */
export const supabase: SupabaseClient = createClient(supabaseUrl, publishableKey, {
  auth: {
    storage: authStorage,
    storageKey: authStorageKey,
    persistSession: true,
    autoRefreshToken: true,
    detectSessionInUrl: true,
  },
  global: { fetch: makeCarefulFetch(inTurn) },
})
