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
interface FromHost {
  ask?: true
  entry?: string
  secret?: string
}

const scope = globalThis as unknown as {
  postMessage(message: unknown, transfer: unknown[]): void
  addEventListener(type: 'message', listener: (event: MessageEvent<FromHost>) => void): void
  addEventListener(type: 'unhandledrejection', listener: (event: Event & { reason?: unknown }) => void): void
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

const tell = (message: unknown) => scope.postMessage(message, [])

scope.addEventListener('message', ({ data }) => {
  if (data.ask) tell({ alive: true })
  if (data.entry !== undefined) void begin(data.entry, data.secret ?? '')
})

async function begin(entry: string, secret: string): Promise<void> {
  try {
    const module = (await import(entry)) as { default?: Handler | { fetch?: Handler } }
    const answer =
      handler ??
      (typeof module.default === 'function' ? module.default : module.default?.fetch?.bind(module.default))
    if (!answer) throw new Error('It neither calls Deno.serve nor exports a handler.')
    serve({ port: 0, hostname: '127.0.0.1', onListen: ({ port }) => tell({ port }) }, (request, info) =>
      answerOne(answer, secret, request, info),
    )
  } catch (error) {
    tell({ failed: error instanceof Error ? error.message : String(error) })
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

// oxlint-disable-next-line unicorn/require-module-specifiers -- a module of its own, whose names stay in it
export {}
