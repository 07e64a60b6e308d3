// Who is speaking. A key of the project or a token signed with the project's secret; the refusals carry
// the codes and sentences of the real server.

import { createHmac, timingSafeEqual } from 'node:crypto'

export type Claims = { role: string; exp?: number } & Record<string, unknown>

interface Refusal {
  code: string
  message: string
}

export type Verdict = { claims: Claims; refusal?: never } | { refusal: Refusal; claims?: never }

export interface Keys {
  jwtSecret: string
  publishableKey: string
  secretKey: string
}

const digests: Record<string, string> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }

export class Tokens {
  constructor(
    private readonly keys: Keys,
    private readonly now: () => number = Date.now,
  ) {}

  /** A key or a token: what stands in `apikey` and in `Authorization`. */
  identify(credential: string): Verdict {
    if (same(credential, this.keys.publishableKey)) return { claims: { role: 'anon' } }
    if (same(credential, this.keys.secretKey)) return { claims: { role: 'service_role' } }
    return this.verify(credential)
  }

  verify(token: string): Verdict {
    const parts = token.replace(/\s/g, '').split('.')
    const [head = '', body = '', signature = ''] = parts
    const header = parsed(head)
    const claims = parsed(body)
    if (parts.length !== 3 || !header || !claims) {
      return refused('MalformedJWT', 'The token provided is not a valid JWT')
    }
    const digest = digests[String(header['alg'])]
    if (!digest) {
      return refused(
        'JwtSignerError',
        'Failed to generate JWT signer, check your JWT secret or JWKS configuration',
      )
    }
    const expected = createHmac(digest, this.keys.jwtSecret).update(`${head}.${body}`).digest('base64url')
    if (!same(signature, expected)) return refused('JwtSignatureError', 'Failed to validate JWT signature')

    const { role, exp } = claims
    if (typeof role !== 'string' || typeof exp !== 'number' || !Number.isFinite(exp)) {
      return refused('InvalidJWTToken', 'Fields `role` and `exp` are required in JWT')
    }
    const past = Math.floor(this.now() / 1000) - exp
    if (past >= 0) return refused('InvalidJWTToken', `Token has expired ${Math.floor(past)} seconds ago`)
    return { claims: { ...claims, role, exp } }
  }
}

function refused(code: string, message: string): Verdict {
  return { refusal: { code, message } }
}

function parsed(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function same(given: string, expected: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}
