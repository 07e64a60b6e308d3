import type { Sql } from 'postgres'
import type { Listener } from './listener.ts'
import { errorCode, type Log } from './log.ts'

// Sends what SQL asked for through net.http_post and net.http_get. A request is taken off the queue
// before it is sent, so it is sent at most once, as pg_net does; what must not be lost has a schedule
// behind it. What was queued while the stack was down is sent at the start.

export interface Notifier {
  stop(): Promise<void>
}

interface Queued {
  id: string
  method: string
  url: string
  headers: Record<string, string>
  body: Buffer | null
  timeout_milliseconds: number
}

interface Answer {
  status: number | null
  headers: Record<string, string> | null
  content: string | null
  timedOut: boolean
  error: string | null
}

const atOnce = 16
const mostContent = 1024 * 1024
const keepAnswers = '6 hours'

export async function startNotifier(sql: Sql, listener: Listener, log: Log): Promise<Notifier> {
  const [own] = await sql`select from pg_extension where extname = 'pg_net'`
  if (own) return { stop: async () => {} }

  const stopping = new AbortController()
  const open = new Set<Promise<void>>()
  let taking = false
  let again = false

  async function drain(): Promise<void> {
    if (taking) {
      again = true
      return
    }
    taking = true
    try {
      do {
        again = false
        while (!stopping.signal.aborted) {
          if (open.size >= atOnce) await Promise.race(open)
          const batch = await take(sql, atOnce - open.size)
          if (batch.length === 0) break
          for (const request of batch) {
            const sent = deliver(sql, request, stopping.signal, log).finally(() => open.delete(sent))
            open.add(sent)
          }
        }
      } while (again && !stopping.signal.aborted)
    } catch (error) {
      log.warn(`Notifier: ${errorCode(error)}`)
    } finally {
      taking = false
    }
  }

  const wake = () => void drain()
  await listener.listen('tideline_net', wake, wake)
  const tidy = setInterval(() => {
    sql`delete from net._http_response where created < now() - ${keepAnswers}::interval`.catch(() => {})
    wake()
  }, 60_000)
  tidy.unref()

  return {
    async stop() {
      clearInterval(tidy)
      stopping.abort()
      await Promise.allSettled(open)
    },
  }
}

function take(sql: Sql, most: number): Promise<Queued[]> {
  return sql<Queued[]>`
    delete from net.http_request_queue where id in (
      select id from net.http_request_queue order by id limit ${most} for update skip locked
    ) returning id::text, method, url, headers, body, timeout_milliseconds`
}

async function deliver(sql: Sql, request: Queued, stopping: AbortSignal, log: Log): Promise<void> {
  const { status, headers, content, timedOut, error } = await send(request, stopping)
  try {
    await sql`
      insert into net._http_response (id, status_code, content_type, headers, content, timed_out, error_msg)
      values (${request.id}, ${status}, ${headers?.['content-type'] ?? null}, ${headers ? sql.json(headers) : null},
        ${content}, ${timedOut}, ${error})`
  } catch (failure) {
    log.warn(`Notifier: the answer to request ${request.id} could not be written (${errorCode(failure)}).`)
  }
}

async function send(request: Queued, stopping: AbortSignal): Promise<Answer> {
  const nothing = { status: null, headers: null, content: null, timedOut: false }
  const timeout = AbortSignal.timeout(request.timeout_milliseconds)
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      body: request.body ? new Uint8Array(request.body) : null,
      redirect: 'manual',
      signal: AbortSignal.any([timeout, stopping]),
    })
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      content: await readSome(response),
      timedOut: false,
      error: null,
    }
  } catch (failure) {
    if (timeout.aborted) {
      return { ...nothing, timedOut: true, error: `Timeout of ${request.timeout_milliseconds} ms reached` }
    }
    const cause = failure instanceof Error ? (failure.cause ?? failure) : failure
    return { ...nothing, error: stopping.aborted ? 'The stack was stopped' : errorCode(cause) }
  }
}

async function readSome(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (response.body ??
    new Blob([]).stream()) as unknown as AsyncIterable<Uint8Array>) {
    chunks.push(chunk)
    size += chunk.byteLength
    if (size > mostContent) break
  }
  // PostgreSQL's text holds no zero byte.
  return Buffer.concat(chunks).subarray(0, mostContent).toString('utf8').replaceAll('\0', '')
}
