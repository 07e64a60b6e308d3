import { randomUUID } from 'node:crypto'
import { answerAuth, openAuthPath } from './auth/routes.ts'
import type { AuthService } from './auth/service.ts'
import { BodyTooLarge, bodyLimit, dropBody, limitBody, tooLarge } from './body-limit.ts'
import type { Identify } from './caller.ts'
import { allowOthers, isPreflight, preflight } from './cross-origin.ts'
import { json } from './json-response.ts'
import type { DataApi } from './lite/index.ts'
import { errorCode, type Log } from './log.ts'

// One origin serves everything. The gateway knows which part answers a path, who calls, how much a
// request may carry, and that no error of a part reaches the caller with more than its kind.

type Answer = (request: Request, url: URL) => Promise<Response>

export interface Parts {
  identify: Identify
  auth: AuthService
  rest: DataApi
  storage: Answer
  functions: Answer
  realtime: Answer
  health: () => Promise<Response>
  app: Answer
  log: Log
}

export function createGateway(parts: Parts): (request: Request) => Promise<Response> {
  const apis: [prefix: string, answer: Answer][] = [
    ['/rest/v1/', (request, url) => answerRest(parts, request, url)],
    ['/auth/v1/', (request, url) => answerWithAuth(parts, request, url)],
    ['/storage/v1/', parts.storage],
    ['/functions/v1/', parts.functions],
    ['/realtime/v1/', parts.realtime],
  ]
  return async (request) => {
    const url = new URL(request.url)
    const api = apis.find(([prefix]) => url.pathname.startsWith(prefix))
    if (!api) {
      if (url.pathname === '/healthz') return parts.health()
      return parts.app(request, url)
    }
    if (isPreflight(request)) return preflight(request)
    let limited = request
    const response = await guarded(parts.log, url, async () => {
      limited = limitBody(request, bodyLimit(url.pathname))
      return api[1](limited, url)
    })
    await dropBody(limited)
    allowOthers(response.headers)
    return response
  }
}

async function guarded(log: Log, url: URL, work: () => Promise<Response>): Promise<Response> {
  try {
    const response = await work()
    // A response of fetch or of a redirect has headers that cannot be written.
    return new Response(response.body, response)
  } catch (error) {
    if (error instanceof BodyTooLarge) return tooLarge(error)
    if (error instanceof Error && error.cause instanceof BodyTooLarge) return tooLarge(error.cause)
    const id = randomUUID()
    log.warn(`${url.pathname.split('/').slice(0, 3).join('/')}: ${errorCode(error)} (${id})`)
    const away = isDatabaseAway(error)
    return json(
      {
        code: away ? 'database_unavailable' : 'internal_error',
        message: away
          ? 'The database is not reachable at the moment. Try again shortly.'
          : 'The stack failed to answer. Its log names this id.',
        id,
      },
      away ? 503 : 500,
    )
  }
}

function isDatabaseAway(error: unknown): boolean {
  return /^(ECONN|CONNECT|CONNECTION_|57P0|53300|08)/.test(errorCode(error))
}

async function answerRest({ identify, rest }: Parts, request: Request, url: URL): Promise<Response> {
  const caller = await identify(request, url, 'key')
  return caller instanceof Response ? caller : rest.fetch(request, caller)
}

async function answerWithAuth({ identify, auth }: Parts, request: Request, url: URL): Promise<Response> {
  const open = openAuthPath(url.pathname.slice('/auth/v1'.length))
  const caller = await identify(request, url, open ? 'any' : 'key')
  return caller instanceof Response ? caller : answerAuth(auth, request, url, caller)
}
