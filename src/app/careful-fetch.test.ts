import { describe, expect, test } from 'vitest'
import { pauseNamedTo } from '../sync/supabase/named-pause.ts'
import { makeCarefulFetch } from './careful-fetch.ts'

const refresh = 'https://x.test/auth/v1/token?grant_type=refresh_token'
const answering = (status: number, body: string) =>
  makeCarefulFetch(() => Promise.resolve(new Response(body, { status })))
const no = (code: string) => JSON.stringify({ code: 400, error_code: code, msg: 'no' })

describe('only a definite no of the auth server ends a session', () => {
  test.each([
    ['a rate limit', 429, no('over_request_rate_limit')],
    ['a proxy page', 403, '<html>blocked</html>'],
    ['a captive portal', 511, '<html>log in to the Wi-Fi</html>'],
    ['a server that fails', 500, no('unexpected_failure')],
    ['a definite code on a 5xx', 503, no('refresh_token_not_found')],
    ['JSON without a code', 400, '{}'],
    ['JSON that is null', 400, 'null'],
  ])('%s is a network failure', async (_, status, body) => {
    await expect(answering(status, body)(refresh)).rejects.toThrow(TypeError)
  })
  test.each(['refresh_token_not_found', 'session_not_found', 'user_banned', 'invalid_grant'])(
    '%s goes through',
    async (code) => {
      const response = await answering(400, no(code))(new Request(refresh))
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ error_code: code })
    },
  )
  test('a wrong password is no business of this', async () => {
    const response = await answering(
      400,
      no('invalid_credentials'),
    )('https://x.test/auth/v1/token?grant_type=password')
    expect(response.status).toBe(400)
  })
})

test('[C13] the life of a token is counted by this device’s own clock', async () => {
  const session = { access_token: 't', expires_in: 3600, expires_at: 1 }
  const response = await answering(200, JSON.stringify(session))(refresh)
  expect(await response.json()).toEqual({ access_token: 't', expires_in: 3600 })
})

test('[B3] a pause that the server names is noted under the signal of its call', async () => {
  const { signal } = new AbortController()
  const headers = { 'retry-after': '3' }
  const busy = makeCarefulFetch(() => Promise.resolve(new Response('', { status: 429, headers })))
  await busy('https://x.test/rest/v1/rpc/pull', { signal })
  expect(pauseNamedTo(signal)).toBe(3_000)
})
