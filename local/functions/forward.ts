import { json } from '../json-response.ts'

const patience = 150_000

interface Worker {
  port: number
  secret: string
  /** Aborted when it ends. */
  alive: AbortSignal | undefined
}

/** Passes a request on to a function's worker, body and answer streaming. */
export async function forward(request: Request, url: URL, worker: Worker): Promise<Response> {
  const target = `http://127.0.0.1:${worker.port}${url.pathname.slice('/functions/v1'.length)}${url.search}`
  const headers = new Headers(request.headers)
  for (const name of ['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'expect']) {
    headers.delete(name)
  }
  // The worker would compress, and fetch here undo it again.
  headers.set('accept-encoding', 'identity')
  headers.set('x-functions-host', worker.secret)
  headers.set('x-forwarded-host', url.host)
  headers.set('x-forwarded-proto', url.protocol.slice(0, -1))
  const slow = new AbortController()
  const timer = setTimeout(() => slow.abort(), patience)
  try {
    const response = await fetch(target, {
      method: request.method,
      headers,
      body: request.body,
      redirect: 'manual',
      signal: AbortSignal.any([slow.signal, request.signal, ...(worker.alive ? [worker.alive] : [])]),
      // @ts-expect-error -- undici needs `duplex` for a streamed body; the DOM's types do not know it
      duplex: 'half',
    })
    const answer = new Headers(response.headers)
    for (const name of ['connection', 'transfer-encoding', 'keep-alive']) answer.delete(name)
    return new Response(response.body, { status: response.status, headers: answer })
  } catch (error) {
    if (slow.signal.aborted) {
      return json({ code: 'IDLE_TIMEOUT', message: 'The function did not answer in time.' }, 504)
    }
    if (request.signal.aborted) return new Response(null, { status: 499 })
    // The request itself may be at fault: a body over the limit is told as such by the gateway.
    const cause = error instanceof Error ? error.cause : undefined
    if (cause instanceof Error && cause.name === 'BodyTooLarge') throw cause
    return json({ code: 'WORKER_ERROR', message: 'The function ended while it was answering.' }, 502)
  } finally {
    clearTimeout(timer)
  }
}
