import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JSONWebKeySet,
  jwtVerify,
  type JWTVerifyGetKey,
} from 'jose'
import type { Environment } from './environment.ts'

// Who sent a request, by its access token. A project signs either with asymmetric keys, whose public
// halves stand in its JWKS, or with one shared secret. The token's algorithm says which was used, and
// each algorithm has one kind of key only: a public key can never be taken for a shared secret.

interface Caller {
  person: string
  anonymous: boolean
  checkedWith: 'jwks' | 'shared secret'
}

type Verification = { ok: true; caller: Caller } | { ok: false; reason: string }

export type VerifyToken = (token: string) => Promise<Verification>

const ASYMMETRIC = ['ES256', 'RS256', 'EdDSA']
const SYMMETRIC = ['HS256']

export function createVerifyToken(environment: Environment): VerifyToken {
  const keys = publicKeys(environment)
  const secret = environment.jwtSecret ? new TextEncoder().encode(environment.jwtSecret) : undefined

  return async (token) => {
    try {
      const { alg = '' } = decodeProtectedHeader(token)
      if (ASYMMETRIC.includes(alg)) {
        const { payload } = await jwtVerify(token, keys, { algorithms: ASYMMETRIC, ...expected })
        return callerOf(payload, 'jwks')
      }
      if (!SYMMETRIC.includes(alg))
        return { ok: false, reason: `Tokens signed with ${alg || 'nothing'} are not taken.` }
      if (!secret) return { ok: false, reason: 'This function does not know the shared secret.' }
      const { payload } = await jwtVerify(token, secret, { algorithms: SYMMETRIC, ...expected })
      return callerOf(payload, 'shared secret')
    } catch (error) {
      return { ok: false, reason: reasonOf(error) }
    }
  }
}

/** The project's own keys travel as bearers too, and the older ones are signed like tokens. */
export function isProjectKey(bearer: string): boolean {
  if (bearer.startsWith('sb_')) return true
  try {
    const { role, sub } = decodeJwt(bearer)
    return sub === undefined && (role === 'anon' || role === 'service_role')
  } catch {
    return false
  }
}

const expected = { audience: 'authenticated', requiredClaims: ['sub', 'exp'] }

function publicKeys({ jwks, url }: Environment): JWTVerifyGetKey {
  if (jwks) {
    try {
      const parsed = JSON.parse(jwks) as JSONWebKeySet | JSONWebKeySet['keys']
      const set = Array.isArray(parsed) ? { keys: parsed } : parsed
      if (set.keys.length > 0) return createLocalJWKSet(set)
    } catch {
      // Not a key set: the project's own address has the right one.
    }
  }
  return createRemoteJWKSet(new URL(`${url}/auth/v1/.well-known/jwks.json`), { timeoutDuration: 5000 })
}

function callerOf(payload: Record<string, unknown>, checkedWith: Caller['checkedWith']): Verification {
  const person = payload['sub']
  if (typeof person !== 'string' || person === '') return { ok: false, reason: 'The token names nobody.' }
  return { ok: true, caller: { person, anonymous: payload['is_anonymous'] === true, checkedWith } }
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired.'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'The signature is not ours.'
  if (error instanceof errors.JWKSNoMatchingKey) return 'The token was signed with a key that is not ours.'
  if (error instanceof errors.JWKSTimeout) return 'The project’s public keys could not be fetched.'
  if (error instanceof errors.JWTClaimValidationFailed) return `The token’s ${error.claim} is not right.`
  return 'This is not a token.'
}
