/**
 * Attachments over Supabase Storage, for one person: uploads by its resumable protocol (TUS 1.0.0), which stock
 * supabase-js does not speak, downloads and questions by the client that is handed in. A call goes out under that
 * person's token or not at all. [D6] Nothing is ever asked for by a signed link: a link would open to whoever has it.
 */
import type { SupabaseClient } from '@supabase/supabase-js'
import { attachmentBucket, attachmentPath } from '../../domain/attachments/storage-path.ts'
import { FileServerError, type FileServer } from '../attachments/file-ports.ts'
import { inTime } from '../in-time.ts'
import type { Clock } from '../ports.ts'
import { readPause } from './named-pause.ts'
import { tokenOf } from './session.ts'

type Client = Pick<SupabaseClient, 'rpc' | 'auth'>

/** A request whose body tells how far it is; `fetch` cannot. */
export type SendBytes = (
  url: string,
  request: {
    readonly method: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: Uint8Array<ArrayBuffer>
    readonly signal: AbortSignal
  },
  progress: (sent: number) => void,
) => Promise<Response>

export interface StorageAccess {
  readonly client: Client
  readonly personId: string
  readonly url: string
  readonly publishableKey: string
  readonly clock: Clock
  readonly fetch: typeof globalThis.fetch
  readonly sendBytes: SendBytes
}

/** A question without an answer by then, and a whole file on a line that crawls. */
const ANSWER_TIMEOUT = 30_000
const FILE_TIMEOUT = 600_000

const tus = { 'tus-resumable': '1.0.0' }
/** Bytes under the name of their hash never change. */
const cacheSeconds = '31536000'

export function makeFileServer(access: StorageAccess): FileServer {
  const { client, personId, publishableKey } = access
  const storage = `${access.url}/storage/v1`

  const headersNow = async () => {
    const token = await tokenOf(client, personId).catch(() => {
      throw new FileServerError('unreachable', 'The session could not be renewed now.')
    })
    if (token === null) throw new FileServerError('unauthorised', 'This person is not signed in here.')
    return { apikey: publishableKey, authorization: `Bearer ${token}` }
  }

  const timed = <T>(signal: AbortSignal, limit: number, call: (signal: AbortSignal) => Promise<T>) =>
    answered(inTime(access.clock, limit, (late) => call(either(signal, late))))

  const ask = async (url: string, method: string, headers: Record<string, string>, signal: AbortSignal) => {
    const given = { ...(await headersNow()), ...headers }
    const response = await timed(signal, ANSWER_TIMEOUT, (until) =>
      access.fetch(url, { method, headers: given, signal: until }),
    )
    if (!response.ok) throw await failureOf(response)
    return response
  }

  return {
    async sizes(workspace, files, signal) {
      const { authorization } = await headersNow()
      const { data, error, status } = await timed(signal, ANSWER_TIMEOUT, async (until) =>
        client
          .rpc('attachment_sizes', { workspace, files })
          .setHeader('Authorization', authorization)
          .abortSignal(until),
      )
      if (error) throw new FileServerError(reasonOf(status, error.code ?? '', error.message), 'No sizes.')
      return readSizes(data)
    },

    async begin({ workspace, sha256, bytes, type, replace }, signal) {
      const metadata = {
        bucketName: attachmentBucket,
        objectName: attachmentPath(workspace, sha256),
        contentType: type,
        cacheControl: cacheSeconds,
      }
      const endpoint = `${storage}/upload/resumable`
      const response = await ask(
        endpoint,
        'POST',
        {
          ...tus,
          'upload-length': String(bytes),
          'upload-metadata': Object.entries(metadata)
            .map(([key, value]) => `${key} ${btoa(value)}`)
            .join(','),
          'x-upsert': String(replace),
        },
        signal,
      ).catch((error: unknown) => {
        throw error instanceof FileServerError && error.reason === 'moved'
          ? new FileServerError('taken', error.message)
          : error
      })
      const location = response.headers.get('location')
      if (location === null) throw notOurs()
      return new URL(location, endpoint).href
    },

    async offset(address, signal) {
      return offsetIn(await ask(address, 'HEAD', tus, signal))
    },

    async append(address, offset, bytes, signal, progress) {
      const headers = {
        ...(await headersNow()),
        ...tus,
        'upload-offset': String(offset),
        'content-type': 'application/offset+octet-stream',
      }
      const request = { method: 'PATCH', headers, body: bytes, signal }
      const response = await answered(access.sendBytes(address, request, progress))
      if (!response.ok) throw await failureOf(response)
      return offsetIn(response)
    },

    async download(workspace, sha256, signal) {
      const path = `${storage}/object/authenticated/${attachmentBucket}/${attachmentPath(workspace, sha256)}`
      const response = await ask(path, 'GET', {}, signal)
      return new Uint8Array(await timed(signal, FILE_TIMEOUT, () => response.arrayBuffer()))
    },
  }
}

/** A call without an answer is a network that is away. */
async function answered<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw new FileServerError('unreachable', error instanceof Error ? error.message : String(error))
  }
}

function either(one: AbortSignal, other: AbortSignal): AbortSignal {
  const both = new AbortController()
  for (const signal of [one, other]) {
    if (signal.aborted) both.abort()
    signal.addEventListener('abort', () => both.abort(), { signal: both.signal })
  }
  return both.signal
}

function offsetIn(response: Response): number {
  const offset = response.headers.get('upload-offset') ?? ''
  if (!/^\d+$/.test(offset)) throw notOurs()
  return Number(offset)
}

function readSizes(data: unknown): ReadonlyMap<string, number | 'leaving'> {
  const { sizes } = (data ?? {}) as { sizes?: unknown }
  if (typeof sizes !== 'object' || sizes === null) throw notOurs()
  return new Map(
    Object.entries(sizes).flatMap(([sha256, size]) =>
      typeof size === 'number' || size === 'leaving' ? [[sha256, size] as const] : [],
    ),
  )
}

/** A portal of a hotel answers everything with a page of its own; that is no answer. */
const notOurs = () => new FileServerError('unreachable', 'Something answered that is not this server.')

/** Storage says the kind of a failure in the status, or, under 400, in the body. */
async function failureOf(response: Response): Promise<FileServerError> {
  const text = await response.text().catch(() => '')
  const said = readObject(text)
  const status = Number(said['statusCode'] ?? response.status)
  // Only the answers of the protocol carry its version, and only Storage's own say a code or a kind.
  const code = said['code'] ?? said['error'] ?? response.headers.get('tus-resumable') ?? ''
  const message = String(said['message'] ?? text).slice(0, 200)
  const words = `Storage answered ${status}.`
  return new FileServerError(reasonOf(status, String(code), message), words, readPause(response.headers))
}

function reasonOf(status: number, code: string, message: string): FileServerError['reason'] {
  if (status === 0) return 'unreachable'
  if (status === 413) return 'too-large'
  if (status >= 500 || status === 408 || status === 423 || status === 429) return 'busy'
  // A portal, proxy or gateway stands between. [C7]
  if (!code) return 'busy'
  if (status === 401 || /\bjwt\b|token/i.test(message)) return 'unauthorised'
  if (status === 403) return 'refused'
  if (status === 404 || status === 410) return 'gone'
  return status === 409 ? 'moved' : 'rejected'
}

function readObject(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
