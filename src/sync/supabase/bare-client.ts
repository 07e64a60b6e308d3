/**
 * What the service worker needs of Supabase, over fetch alone: the session that auth-js has stored, renewed when it is
 * due, and the two calls of the log. supabase-js weighs more than all the rest of the worker.
 */
import { endsSession, inTurn, readSession, type StoredSession, type Turns } from '../browser/renewal.ts'
import type { SharedTokenStore } from '../browser/token-store.ts'
import type { LogServer, Session } from '../ports.ts'
import { makeLogOver, type Rpc } from './log-server.ts'
import { notePause } from './named-pause.ts'

export interface BareClient {
  /** Whose session this device holds. */
  person(): Promise<string | null>
  sessionOf(personId: string): Session
  logOf(personId: string): LogServer
}

export interface BareClientParts {
  readonly url: string
  readonly publishableKey: string
  readonly tokens: SharedTokenStore
  /** Under which the session is stored. */
  readonly key: string
  readonly turns: Turns | undefined
  readonly fetch: typeof globalThis.fetch
  readonly now: () => number
}

// A token that ends while a call is under way is no token.
const MARGIN = 30

export function makeBareClient({
  url,
  publishableKey,
  tokens,
  key,
  turns,
  fetch,
  now,
}: BareClientParts): BareClient {
  const stored = async () => readSession(await tokens.getItem(key))
  const seconds = () => Math.round(now() / 1_000)
  const headers = (token?: string) => ({
    apikey: publishableKey,
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  })

  const renew = async (session: StoredSession): Promise<'ready' | 'signed-out' | 'unreachable'> => {
    const response = await fetch(`${url}/auth/v1/token?grant_type=refresh_token`, {
      method: 'POST',
      headers: headers(),
      body: JSON.stringify({ refresh_token: session.refresh_token }),
    })
    // The session stays where it is: the next tab hears the same, and says it to the person.
    if (!response.ok) return (await endsSession(response)) ? 'signed-out' : 'unreachable'
    const { expires_at: _, expires_in, ...fresh } = (await response.json()) as Record<string, unknown>
    // By this device's clock, as auth-js compares it. [C13]
    const text = JSON.stringify({
      ...session,
      ...fresh,
      expires_in,
      expires_at: seconds() + Number(expires_in),
    })
    if (readSession(text)?.user.id !== session.user.id) return 'unreachable'
    // Whoever signed out meanwhile stays signed out.
    const isStill = (now: string | null) => readSession(now)?.refresh_token === session.refresh_token
    return (await tokens.replace(key, isStill, text)) ? 'ready' : 'signed-out'
  }

  const rpc: Rpc = async (name, parameters, token, signal) => {
    try {
      const response = await fetch(`${url}/rest/v1/rpc/${name}`, {
        method: 'POST',
        headers: headers(token),
        body: JSON.stringify(parameters),
        signal,
      })
      notePause(signal, response)
      const { status } = response
      if (response.ok) return { data: await response.json(), error: null, status }
      const words = await response.text()
      return { data: null, error: sayingOf(words), status }
    } catch (error) {
      return {
        data: null,
        error: { message: error instanceof Error ? error.message : String(error) },
        status: 0,
      }
    }
  }

  return {
    async person() {
      return (await stored())?.user.id ?? null
    },
    sessionOf: (personId) => ({
      renew: (force) =>
        inTurn(turns, async () => {
          const session = await stored()
          if (session?.user.id !== personId) return 'signed-out' as const
          if (!force && session.expires_at - seconds() > MARGIN) return 'ready' as const
          return await renew(session)
        }).catch(() => 'unreachable' as const),
      subscribe: () => () => {},
    }),
    logOf: (personId) =>
      makeLogOver(rpc, async () => {
        const session = await stored()
        return session?.user.id === personId ? session.access_token : null
      }),
  }
}

/** PostgREST says no in JSON; what says it otherwise is something in between. */
function sayingOf(words: string): { code?: string; message: string } {
  try {
    const { code, message } = JSON.parse(words) as Record<string, unknown>
    return {
      ...(typeof code === 'string' ? { code } : {}),
      message: typeof message === 'string' ? message : words,
    }
  } catch {
    return { message: words }
  }
}
