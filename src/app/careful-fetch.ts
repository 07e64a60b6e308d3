/**
 * auth-js ends the session on any answer to a token refresh that is not a success or a 5xx: a rate limit, a proxy's
 * 403 page or a captive portal would sign people out in the field. Only the auth server's own, definite no may. What
 * else answers a refresh is turned into a network failure, which auth-js tries again.
 */
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
    if (response.ok || !isRefresh(input)) return response
    if (response.status < 500 && definite.has((await codeOf(response)) ?? '')) return response
    throw new TypeError(`The session could not be renewed now (HTTP ${response.status}).`)
  }
}

function isRefresh(input: RequestInfo | URL): boolean {
  const url = input instanceof Request ? input.url : String(input)
  return url.includes('/auth/v1/token') && url.includes('grant_type=refresh_token')
}

async function codeOf(response: Response): Promise<string | undefined> {
  try {
    const body: unknown = await response.clone().json()
    if (typeof body !== 'object' || body === null) return undefined
    const { error_code, code, error } = body as Record<string, unknown>
    return [error_code, code, error].find((value) => typeof value === 'string')
  } catch {
    return undefined
  }
}
