import { createSecretKey, timingSafeEqual } from 'node:crypto'
import { errors, jwtVerify } from 'jose'
import { json } from './json-response.ts'
import type { StackKeys } from './keys.ts'

// Who calls is decided once, here, for every part of the stack, as a hosted project's gateway does:
// `apikey` (header or query) must be one of the two keys where a key is asked for, and a bearer that
// is not a key must be a token signed by us. A token that is malformed, forged or expired is refused
// with 401 and is never taken for nobody.

export interface Caller {
  role: 'anon' | 'authenticated' | 'service_role'
  /** What policies read through auth.jwt(). Always names the role. */
  claims: Record<string, unknown>
  key: 'publishable' | 'secret' | null
  /** The token itself, when there was one. */
  token: string | null
}

const roles = new Set(['anon', 'authenticated', 'service_role'])

export type Identify = (request: Request, url: URL, needs: 'key' | 'any') => Promise<Caller | Response>

export function createIdentify({ publishableKey, secretKey, jwtSecret }: StackKeys): Identify {
  const signingKey = createSecretKey(Buffer.from(jwtSecret))

  const keyKind = (value: string): 'publishable' | 'secret' | null =>
    same(value, publishableKey) ? 'publishable' : same(value, secretKey) ? 'secret' : null

  return async (request, url, needs) => {
    const apikey = request.headers.get('apikey') ?? url.searchParams.get('apikey')
    const authorization = request.headers.get('authorization')
    const bearer =
      authorization === null ? null : (/^Bearer\s+(\S.*)$/i.exec(authorization)?.[1]?.trim() ?? '')
    const key = apikey === null ? null : keyKind(apikey)
    if (apikey !== null && key === null) {
      return refuse('UNAUTHORIZED_INVALID_API_KEY', 'Invalid API key', 'Double check your Supabase `apikey`.')
    }
    if (apikey === null && needs === 'key') {
      return refuse(
        'UNAUTHORIZED_MISSING_API_KEY',
        'No API key found in request',
        'No `apikey` request header or url param was found.',
      )
    }
    const bearerKey = bearer ? keyKind(bearer) : null
    if ((key === 'secret' || bearerKey === 'secret') && fromBrowser(request)) {
      return refuse(
        'UNAUTHORIZED_INVALID_API_KEY_TYPE',
        'Forbidden use of secret API key in browser',
        'Use the publishable key in a browser.',
      )
    }
    if (bearer === null || bearerKey !== null) {
      const kind = key === 'secret' || bearerKey === 'secret' ? 'secret' : (key ?? bearerKey)
      const role = kind === 'secret' ? 'service_role' : 'anon'
      return { role, claims: { role }, key: kind, token: null }
    }
    try {
      const { payload } = await jwtVerify(bearer, signingKey, { algorithms: ['HS256'] })
      const role = payload['role'] ?? 'anon'
      if (typeof role !== 'string' || !roles.has(role))
        return refuseToken('PGRST301', 'JWT names no known role')
      return { role: role as Caller['role'], claims: { ...payload, role }, key, token: bearer }
    } catch (error) {
      return error instanceof errors.JWTExpired
        ? refuseToken('PGRST303', 'JWT expired')
        : refuseToken('PGRST301', 'JWT could not be decoded or its signature is not ours')
    }
  }
}

const fromBrowser = (request: Request) => /^\s*Mozilla\/5\.0/i.test(request.headers.get('user-agent') ?? '')

function same(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

const refuse = (code: string, message: string, hint: string) =>
  json({ code, message, hint }, 401, { 'sb-error-code': code })

// `msg` and `error_code` are where auth-js looks, `code` and `message` where postgrest-js does.
const refuseToken = (code: string, message: string) =>
  json({ code, message, msg: message, error_code: 'bad_jwt', details: null, hint: null }, 401, {
    'www-authenticate': 'Bearer error="invalid_token"',
  })
