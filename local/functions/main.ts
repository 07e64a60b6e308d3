// Runs under Deno. Lines on stdin are orders of the host, lines on stdout that begin with the mark
// are answers; every other line was printed by a function.
//   first  { mark, secret }
//   order  { start: name, entry }            answer { ready: name, port } | { failed: name, reason }
//                                            answer { ended: name, reason } when a worker is gone later
// Each worker is asked every few seconds whether it still turns; one that does not is ended.

interface DenoHere {
  exit(code: number): never
  stdin: { readable: ReadableStream<Uint8Array> }
}

const deno = (globalThis as unknown as { Deno: DenoHere }).Deno
let mark = ''
let secret = ''
const askEvery = 1_000
const patience = 5

interface Hosted {
  worker: Worker
  unanswered: number
  ready: boolean
}

interface FromWorker {
  alive?: true
  port?: number
  failed?: string
}

const hosted = new Map<string, Hosted>()

const tell = (answer: Record<string, unknown>) => console.log(mark + JSON.stringify(answer))

function end(name: string, mine: Hosted, reason: string): void {
  if (hosted.get(name) !== mine) return
  hosted.delete(name)
  mine.worker.terminate()
  tell(mine.ready ? { ended: name, reason } : { failed: name, reason })
}

function start(name: string, entry: string): void {
  if (hosted.has(name)) return
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name })
  const mine: Hosted = { worker, unanswered: 0, ready: false }
  hosted.set(name, mine)
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (data.alive) mine.unanswered = 0
    if (data.failed !== undefined) end(name, mine, data.failed)
    if (data.port !== undefined) {
      mine.ready = true
      tell({ ready: name, port: data.port })
    }
  })
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    end(name, mine, event.message)
  })
  worker.postMessage({ entry, secret }, [])
}

setInterval(() => {
  for (const [name, mine] of hosted) {
    if (mine.unanswered >= patience) end(name, mine, 'it did not return control')
    else {
      mine.unanswered++
      mine.worker.postMessage({ ask: true }, [])
    }
  }
}, askEvery)

let rest = ''
const decoder = new TextDecoder()
for await (const chunk of deno.stdin.readable as unknown as AsyncIterable<Uint8Array>) {
  const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
  rest = lines.pop() ?? ''
  for (const line of lines) {
    const order = JSON.parse(line) as { mark: string; secret: string } | { start: string; entry: string }
    if ('start' in order) start(order.start, order.entry)
    else ({ mark, secret } = order)
  }
}
// The host is gone.
deno.exit(0)

// oxlint-disable-next-line unicorn/require-module-specifiers -- makes this file a module, as its top-level await asks
export {}
