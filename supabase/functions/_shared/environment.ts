// What a Supabase project tells its functions about itself. Hosted projects, self-hosted ones and the
// embedded stack name their keys differently, so this is read in one place.

export type ReadVariable = (name: string) => string | undefined

export interface Environment {
  url: string
  /** Reads and writes everything: it never leaves the server. */
  secretKey: string
  /** Signs the tokens of projects that have no asymmetric keys. */
  jwtSecret?: string
  /** A key set given inline; otherwise it is fetched from the project. */
  jwks?: string
}

export function readEnvironment(read: ReadVariable): Environment {
  const jwtSecret = read('SUPABASE_JWT_SECRET') || read('JWT_SECRET')
  const jwks = read('SUPABASE_JWKS')
  return {
    url: required('SUPABASE_URL', read('SUPABASE_URL')).replace(/\/+$/, ''),
    secretKey: required(
      'SUPABASE_SECRET_KEYS',
      firstOf(read('SUPABASE_SECRET_KEYS')) ||
        read('SUPABASE_SECRET_KEY') ||
        read('SUPABASE_SERVICE_ROLE_KEY'),
    ),
    ...(jwtSecret ? { jwtSecret } : {}),
    ...(jwks ? { jwks } : {}),
  }
}

/** Headers that make a request with the secret key. Only the older keys are tokens as well. */
export function secretHeaders({ secretKey }: Environment): Record<string, string> {
  return secretKey.startsWith('sb_')
    ? { apikey: secretKey }
    : { apikey: secretKey, authorization: `Bearer ${secretKey}` }
}

function required(name: string, value: string | undefined): string {
  if (!value) throw new Error(`${name} is not set for this function.`)
  return value
}

function firstOf(dictionary: string | undefined): string | undefined {
  if (!dictionary) return undefined
  try {
    const keys = JSON.parse(dictionary) as Record<string, string>
    return keys['default'] ?? Object.values(keys)[0]
  } catch {
    return undefined
  }
}
