/** Where the server is. Both are public; without settings the page's own origin serves everything. */
export const supabaseUrl: string = import.meta.env.VITE_SUPABASE_URL ?? location.origin
export const publishableKey: string =
  import.meta.env.VITE_SUPABASE_PUBLISHABLE_KEY ?? 'sb_publishable_tideline_local'
export const authStorageKey = 'tideline.auth'
