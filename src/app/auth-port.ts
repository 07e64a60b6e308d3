import type { Session as Tokens, User } from '@supabase/supabase-js'
import type { AuthPort } from '../stores/session/ports.ts'
import type { Person } from '../stores/session/session.ts'
import { authStorageKey } from '../sync/browser/project.ts'
import { refusalOf } from './server-refusal.ts'
import { supabase } from './supabase.ts'
import { authStorage } from './tokens.ts'

const listeners = new Set<() => void>()
let leaving = false

// SIGNED_OUT comes for a person's own sign-out, for one in another tab, and for a refresh that the server definitely
// refused (`careful-fetch` keeps every other failure from it). The first is not a refusal.
supabase.auth.onAuthStateChange((event) => {
  if (event === 'SIGNED_OUT' && !leaving) for (const listener of listeners) listener()
})

export const authPort: AuthPort = {
  async current() {
    const { data } = await supabase.auth.getSession()
    if (data.session !== null) return personOf(data.session.user)
    return (await authStorage.getItem(authStorageKey)) === null ? 'nobody' : 'unknown'
  },
  async signIn(email, password) {
    const { data, error } = await supabase.auth.signInWithPassword({ email, password })
    if (error !== null) throw refusalOf(error)
    return personOf(data.user)
  },
  async signUp({ name, email, password }) {
    const { data, error } = await supabase.auth.signUp({
      email,
      password,
      options: { data: { display_name: name }, emailRedirectTo: location.origin },
    })
    if (error !== null) throw refusalOf(error)
    const tokens: Tokens | null = data.session
    return tokens === null ? 'confirm' : personOf(tokens.user)
  },
  async signOut() {
    leaving = true
    await supabase.auth.signOut({ scope: 'local' }).catch(() => undefined)
    leaving = false
  },
  async rename(person, name) {
    const { error } = await supabase.from('profiles').upsert({ user_id: person.id, display_name: name })
    if (error !== null) throw refusalOf(error)
    const { error: authError } = await supabase.auth.updateUser({ data: { display_name: name } })
    if (authError !== null) throw refusalOf(authError)
  },
  onRefused(listener) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

function personOf(user: User): Person {
  const email = user.email ?? ''
  const name: unknown = user.user_metadata['display_name']
  return {
    id: user.id,
    email,
    name: typeof name === 'string' && name !== '' ? name : (email.split('@')[0] ?? email),
  }
}
