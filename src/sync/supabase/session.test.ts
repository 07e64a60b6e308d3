import type { SupabaseClient } from '@supabase/supabase-js'
import { expect, test } from 'vitest'
import { makeSession } from './session.ts'

/** A client whose auth answers this, and that notes what was asked. */
function answering(session: object | null, error: { name: string; status?: number } | null) {
  const asked: string[] = []
  let tell = (_event: string) => {}
  const answer = (name: string) => async () => {
    asked.push(name)
    return { data: { session }, error }
  }
  const auth = {
    getSession: answer('get'),
    refreshSession: answer('refresh'),
    onAuthStateChange: (listener: (event: string) => void) => {
      tell = listener
      return { data: { subscription: { unsubscribe: () => (tell = () => {}) } } }
    },
  }
  const client = { auth } as unknown as Pick<SupabaseClient, 'auth'>
  return { session: makeSession(client), asked, tell: (event: string) => tell(event) }
}

test.each([
  ['a session', {}, null, 'ready'],
  ['no session', null, null, 'signed-out'],
  ['[C7] a network that is away', null, { name: 'AuthRetryableFetchError', status: 0 }, 'unreachable'],
  ['[C7] a server that is down', null, { name: 'AuthApiError', status: 503 }, 'unreachable'],
  ['[C7] a server that asks for patience', null, { name: 'AuthApiError', status: 429 }, 'unreachable'],
  ['a refresh token that is refused', null, { name: 'AuthApiError', status: 400 }, 'signed-out'],
] as const)('%s', async (_name, held, error, expected) => {
  const { session, asked } = answering(held, error)
  expect(await session.renew(false)).toBe(expected)
  expect(await session.renew(true)).toBe(expected)
  expect(asked).toEqual(['get', 'refresh'])
})

test('sign-ins and sign-outs made elsewhere are heard, and nothing else', () => {
  const { session, tell } = answering({}, null)
  const heard: boolean[] = []
  const stop = session.subscribe((signedIn) => heard.push(signedIn))
  for (const event of ['INITIAL_SESSION', 'SIGNED_IN', 'TOKEN_REFRESHED', 'SIGNED_OUT']) tell(event)
  stop()
  tell('SIGNED_IN')
  expect(heard).toEqual([true, false])
})
