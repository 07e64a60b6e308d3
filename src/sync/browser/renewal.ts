/**
 * Renewing the session, which spends its refresh token: the server takes an old one for theft and ends the session.
 * Tabs and the service worker take turns under one Web Lock, and a turn ends when the answer is stored. Who finds
 * that another has renewed meanwhile takes what is stored and spends nothing.
 */
import type { TokenStore } from './token-store.ts'

const LOCK = 'tideline.auth/renewal'
// A holder that is frozen or dead slow: the server bears with two who renew within ten seconds.
const WAIT = 10_000
const STORED_WITHIN = 2_000

type Fetch = typeof globalThis.fetch
export type Turns = Pick<LockManager, 'request'>

/** What is stored of a session; auth-js writes it, and reads it. */
export interface StoredSession {
  readonly access_token: string
  readonly refresh_token: string
  /** In seconds, by this device's clock. */
  readonly expires_at: number
  readonly user: { readonly id: string }
}

export function readSession(text: string | null): StoredSession | null {
  try {
    const session: unknown = JSON.parse(text ?? 'null')
    if (typeof session !== 'object' || session === null) return null
    const { access_token, refresh_token, expires_at, user } = session as Partial<StoredSession>
    if (typeof access_token !== 'string' || typeof refresh_token !== 'string') return null
    if (typeof user?.id !== 'string') return null
    // Without a time it is of an auth server that names none; it is renewed before it is used.
    return { ...session, access_token, refresh_token, expires_at: Number(expires_at ?? 0), user }
  } catch {
    return null
  }
}

export function isRenewal(url: string): boolean {
  return url.includes('/auth/v1/token') && url.includes('grant_type=refresh_token')
}

/** Runs alone among all tabs and workers, or after a while all the same. */
export async function inTurn<T>(turns: Turns | undefined, run: () => Promise<T>): Promise<T> {
  if (!turns) return await run()
  let had = false
  try {
    return await turns.request(LOCK, { signal: AbortSignal.timeout(WAIT) }, () => {
      had = true
      return run()
    })
  } catch (error) {
    if (had) throw error
    return await run()
  }
}

/** The fetch beneath auth-js, whose renewals take their turn. */
export function makeFetchInTurn(
  { turns, tokens, key }: { turns: Turns | undefined; tokens: TokenStore; key: string },
  fetch: Fetch,
): Fetch {
  /** The stored session as the server would have answered it, when somebody else has renewed what is to be spent. */
  const renewedMeanwhile = async (spent: unknown): Promise<Response | null> => {
    const text = await tokens.getItem(key).catch(() => null)
    const session = readSession(text)
    const expires_in = (session?.expires_at ?? 0) - Math.round(Date.now() / 1_000)
    if (!session || session.refresh_token === spent || expires_in <= 0) return null
    return Response.json({ ...session, expires_in })
  }

  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input)
    if (!isRenewal(url)) return await fetch(input, init)
    return await new Promise<Response>((resolve, reject) => {
      const run = async () => {
        const renewed = await renewedMeanwhile(spentBy(init?.body))
        if (renewed) return resolve(renewed)
        const response = await fetch(input, init)
        resolve(response)
        if (response.ok) await tokens.written(STORED_WITHIN)
      }
      inTurn(turns, run).catch(reject)
    })
  }
}

function spentBy(body: unknown): unknown {
  try {
    return (JSON.parse(String(body)) as { refresh_token?: unknown }).refresh_token
  } catch {
    return undefined
  }
}

const definite = new Set([
  'refresh_token_not_found',
  'refresh_token_already_used',
  'session_not_found',
  'session_expired',
  'user_not_found',
  'user_banned',
  'invalid_grant', // of an auth server from before error codes
])

/** A definite no of the auth server itself; whatever else answers a renewal ends no session. [C7] */
export async function endsSession(response: Response): Promise<boolean> {
  if (response.status >= 500) return false
  const { error_code, code, error } = await bodyOf(response)
  return definite.has(String([error_code, code, error].find((value) => typeof value === 'string')))
}

/** Empty where it is no object of JSON. */
export async function bodyOf(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.clone().json()
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
