// Runs under Deno, one per function. Whatever the function gives to Deno.serve is served on a port of
// this machine's loopback instead, and only to the host, which knows the secret.

type Handler = (request: Request, info?: unknown) => Response | Promise<Response>

interface DenoHere {
  serve(
    options: { port: number; hostname: string; onListen(at: { port: number }): void },
    handler: Handler,
  ): unknown
}

const deno = (globalThis as unknown as { Deno: DenoHere }).Deno
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<{ ask?: true; entry?: string; secret?: string }>) => void
  postMessage(message: unknown): void
  addEventListener(type: string, listener: (event: Event & { reason?: unknown }) => void): void
}

const serve = deno.serve.bind(deno)
let handler: Handler | undefined

Object.defineProperty(deno, 'serve', {
  value: (...given: unknown[]) => {
    handler = findHandler(given)
    return { finished: new Promise(() => {}), shutdown: async () => {}, ref() {}, unref() {} }
  },
})
Object.defineProperty(globalThis, 'EdgeRuntime', {
  value: { waitUntil: (work: Promise<unknown>) => void work.catch((error: unknown) => console.error(error)) },
})

// A promise that nobody awaited must not take the other requests of the function with it.
scope.addEventListener('unhandledrejection', (event) => {
  event.preventDefault()
  console.error(event.reason)
})

scope.onmessage = ({ data }) => {
  if (data.ask) scope.postMessage({ alive: true })
  if (data.entry !== undefined) void begin(data.entry, data.secret ?? '')
}

async function begin(entry: string, secret: string): Promise<void> {
  try {
    const module = (await import(entry)) as { default?: Handler | { fetch?: Handler } }
    const answer =
      handler ??
      (typeof module.default === 'function' ? module.default : module.default?.fetch?.bind(module.default))
    if (!answer) throw new Error('It neither calls Deno.serve nor exports a handler.')
    serve(
      { port: 0, hostname: '127.0.0.1', onListen: ({ port }) => scope.postMessage({ port }) },
      (request, info) => answerOne(answer, secret, request, info),
    )
  } catch (error) {
    scope.postMessage({ failed: error instanceof Error ? error.message : String(error) })
  }
}

async function answerOne(
  answer: Handler,
  secret: string,
  request: Request,
  info: unknown,
): Promise<Response> {
  if (request.headers.get('x-functions-host') !== secret) return new Response('Not here', { status: 403 })
  const headers = new Headers(request.headers)
  headers.delete('x-functions-host')
  try {
    return await answer(new Request(request, { headers }), info)
  } catch (error) {
    console.error(error)
    return Response.json({ code: 'WORKER_ERROR', message: 'The function threw an error.' }, { status: 500 })
  }
}

function findHandler(given: unknown[]): Handler | undefined {
  for (const one of given) {
    if (typeof one === 'function') return one as Handler
    const inside = (one as { handler?: unknown } | undefined)?.handler
    if (typeof inside === 'function') return inside as Handler
  }
  return undefined
}

export {}
