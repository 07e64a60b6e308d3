import type { SupabaseClient } from '@supabase/supabase-js'
import { expect, test } from 'vitest'
import { makeSession } from './session.ts'

const ana = { user: { id: 'ana' } }
const bruno = { user: { id: 'bruno' } }

/** A client whose auth answers this, and that notes what was asked. */
function answering(session: object | null, error: { name: string; status?: number } | null) {
  const asked: string[] = []
  let tell = (_event: string, _session?: object) => {}
  const answer = (name: string) => async () => {
    asked.push(name)
    return { data: { session }, error }
  }
  const auth = {
    getSession: answer('get'),
    refreshSession: answer('refresh'),
    onAuthStateChange: (listener: (event: string, session?: object) => void) => {
      tell = listener
      return { data: { subscription: { unsubscribe: () => (tell = () => {}) } } }
    },
  }
  const client = { auth } as unknown as Pick<SupabaseClient, 'auth'>
  return {
    session: makeSession(client, 'ana'),
    asked,
    tell: (event: string, told?: object) => tell(event, told),
  }
}

test.each([
  ['a session', ana, null, 'ready'],
  ['[D6] the session of somebody else, who signed in in another tab', bruno, null, 'signed-out'],
  ['no session', null, null, 'signed-out'],
  ['[C7] a network that is away', null, { name: 'AuthRetryableFetchError', status: 0 }, 'unreachable'],
  ['[C7] a server that is down', null, { name: 'AuthApiError', status: 503 }, 'unreachable'],
  ['[C7] a server that asks for patience', null, { name: 'AuthApiError', status: 429 }, 'unreachable'],
  ['a refresh token that is refused', null, { name: 'AuthApiError', status: 400 }, 'signed-out'],
] as const)('%s', async (_name, held, error, expected) => {
  const { session, asked } = answering(held, error)
  expect(await session.renew(false)).toBe(expected)
  expect(await session.renew(true)).toBe(expected)
  expect(asked.slice(0, 2)).toEqual(['get', 'get'])
})

test('sign-ins and sign-outs made elsewhere are heard, and nothing else', () => {
  const { session, tell } = answering(ana, null)
  const heard: boolean[] = []
  const stop = session.subscribe((signedIn) => heard.push(signedIn))
  for (const event of ['INITIAL_SESSION', 'SIGNED_IN', 'TOKEN_REFRESHED', 'SIGNED_OUT']) tell(event, ana)
  tell('SIGNED_IN', bruno)
  stop()
  tell('SIGNED_IN', ana)
  expect(heard).toEqual([true, false, false])
})
