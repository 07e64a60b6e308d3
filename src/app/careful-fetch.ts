/**
 * What supabase-js makes of an answer, and should not.
 *
 * auth-js ends the session on any answer to a token refresh that is not a success or a 5xx: a rate limit, a proxy's
 * 403 page or a captive portal would sign people out in the field. Only the auth server's own, definite no may. What
 * else answers a refresh is turned into a network failure, which auth-js tries again.
 *
 * auth-js compares the server's `expires_at` with the device's clock: on a device that is hours ahead every call
 * would renew the token first. Without that field it counts `expires_in` from now, by the same clock. [C13]
 *
 * And it hands out no headers, so that a pause named by the server is noted here. [B3]
 */
import { bodyOf, endsSession, isRenewal } from '../sync/browser/renewal.ts'
import { notePause } from '../sync/supabase/named-pause.ts'

export function makeCarefulFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    notePause(init?.signal, response)
    const url = input instanceof Request ? input.url : String(input)
    if (!url.includes('/auth/v1/')) return response
    if (response.ok) return await withoutExpiry(response)
    if (!isRenewal(url) || (await endsSession(response))) return response
    throw new TypeError(`The session could not be renewed now (HTTP ${response.status}).`)
  }
}

async function withoutExpiry(response: Response): Promise<Response> {
  const body = await bodyOf(response)
  if (typeof body['expires_at'] !== 'number' || typeof body['expires_in'] !== 'number') return response
  const { expires_at: _, ...session } = body
  const { status, statusText, headers } = response
  return new Response(JSON.stringify(session), { status, statusText, headers })
}
