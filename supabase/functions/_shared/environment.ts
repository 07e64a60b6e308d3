// What a Supabase project tells its functions about itself. Hosted projects, self-hosted ones and the
// embedded stack name their keys differently, so this is read in one place.

export type ReadVariable = (name: string) => string | undefined

export interface Environment {
  url: string
  /** Reads and writes everything: it never leaves the server. */
  secretKey: string
  /** All that callers may show: a project may have several, and the older one besides. */
  secretKeys: readonly string[]
  /** Signs the tokens of projects that have no asymmetric keys. */
  jwtSecret?: string
  /** A key set given inline; otherwise it is fetched from the project. */
  jwks?: string
}

export function readEnvironment(read: ReadVariable): Environment {
  const jwtSecret = read('SUPABASE_JWT_SECRET') || read('JWT_SECRET')
  const jwks = read('SUPABASE_JWKS')
  const named = keysOf(read('SUPABASE_SECRET_KEYS'))
  const secretKeys = [
    named['default'],
    ...Object.values(named),
    read('SUPABASE_SECRET_KEY'),
    read('SUPABASE_SERVICE_ROLE_KEY'),
  ].filter((key): key is string => Boolean(key))
  return {
    url: required('SUPABASE_URL', read('SUPABASE_URL')).replace(/\/+$/, ''),
    secretKey: required('SUPABASE_SECRET_KEYS', secretKeys[0]),
    secretKeys: [...new Set(secretKeys)],
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

function keysOf(dictionary: string | undefined): Record<string, string> {
  if (!dictionary) return {}
  try {
    return JSON.parse(dictionary) as Record<string, string>
  } catch {
    return {}
  }
}
