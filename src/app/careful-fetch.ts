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
import { notePause } from '../sync/supabase/named-pause.ts'

const definite = new Set([
  'refresh_token_not_found',
  'refresh_token_already_used',
  'session_not_found',
  'session_expired',
  'user_not_found',
  'user_banned',
  'invalid_grant', // of an auth server from before error codes
])

export function makeCarefulFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    notePause(init?.signal, response)
    const url = input instanceof Request ? input.url : String(input)
    if (!url.includes('/auth/v1/')) return response
    if (response.ok) return await withoutExpiry(response)
    if (!isRefresh(url)) return response
    if (response.status < 500 && definite.has((await codeOf(response)) ?? '')) return response
    throw new TypeError(`The session could not be renewed now (HTTP ${response.status}).`)
  }
}

function isRefresh(url: string): boolean {
  return url.includes('/auth/v1/token') && url.includes('grant_type=refresh_token')
}

async function withoutExpiry(response: Response): Promise<Response> {
  const body = await bodyOf(response)
  if (typeof body['expires_at'] !== 'number' || typeof body['expires_in'] !== 'number') return response
  const { expires_at: _, ...session } = body
  const { status, statusText, headers } = response
  return new Response(JSON.stringify(session), { status, statusText, headers })
}

async function codeOf(response: Response): Promise<string | undefined> {
  const { error_code, code, error } = await bodyOf(response)
  return [error_code, code, error].find((value) => typeof value === 'string')
}

/** Empty where it is no object of JSON. */
async function bodyOf(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.clone().json()
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
