import { randomUUID } from 'node:crypto'
import type { Caller } from '../caller.ts'
import { checkObjectName } from './object-name.ts'
import { MoreThanAnnounced, type PartialUpload } from './part-files.ts'
import { bucketRules, defaultSizeLimit, ownerOf, type StorageService } from './service.ts'
import { StorageError } from './storage-error.ts'
import { checkType, parseMetadata, probeUpload, record } from './upload.ts'

// Resumable uploads as Supabase Storage takes them: the TUS protocol 1.0.0 with creation (also with the
// first bytes), expiration and termination. POST announces length, bucket and name and answers with an
// address; PATCH adds bytes at an offset; HEAD tells the offset, which is how an upload goes on after a
// crash. The last byte makes the object. Policies are asked at every POST, PATCH and DELETE, as the
// caller of that moment; an address is good for a day and tells nothing but how far it is.

export const resumablePath = '/storage/v1/upload/resumable'
const version = '1.0.0'
const lifetime = 24 * 3_600_000
const octets = 'application/offset+octet-stream'

class TusError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

export async function answerResumable(
  service: StorageService,
  request: Request,
  url: URL,
  caller: Caller,
): Promise<Response> {
  try {
    return await answer({ service, request, caller, id: url.pathname.slice(resumablePath.length + 1) })
  } catch (error) {
    if (error instanceof TusError) return say(error.status, {}, error.message)
    // Unlike the other calls, these say the kind of a failure in the status.
    if (error instanceof StorageError) return say(error.statusCode, {}, error.message)
    throw error
  }
}

interface Call {
  service: StorageService
  request: Request
  caller: Caller
  id: string
}

async function answer(call: Call): Promise<Response> {
  const { request, id } = call
  if (request.method === 'OPTIONS') {
    return say(204, {
      'tus-version': version,
      'tus-extension': 'creation,creation-with-upload,expiration,termination',
      'tus-max-size': String(defaultSizeLimit),
    })
  }
  if (request.headers.get('tus-resumable') !== version) throw new TusError(412, 'Tus-Resumable must be 1.0.0')
  if (request.method === 'POST' && id === '') return create(call)
  if (request.method === 'HEAD') return tell(call)
  if (request.method === 'PATCH') return add(call)
  if (request.method === 'DELETE') return end(call)
  throw new TusError(404, 'There is no such call on resumable uploads')
}

async function create(call: Call): Promise<Response> {
  const { service, request, caller } = call
  const length = wholeNumber(request, 'upload-length')
  const said = readMetadata(request.headers.get('upload-metadata') ?? '')
  const bucketName = said['bucketName'] ?? ''
  const name = checkObjectName(said['objectName'] ?? '')
  const bucket = await bucketRules(service, bucketName)
  const type = said['contentType'] ?? 'application/octet-stream'
  checkType(bucket, type)
  if (length > (bucket.file_size_limit ?? defaultSizeLimit)) throw new TusError(413, 'Maximum size exceeded')
  const upsert = request.headers.get('x-upsert') === 'true'
  await probeUpload(service, caller, bucketName, name, upsert)
  const upload: PartialUpload = {
    version: randomUUID(),
    bucket: bucketName,
    name,
    length,
    type,
    cacheControl: /^\d+$/.test(said['cacheControl'] ?? '') ? `max-age=${said['cacheControl']}` : 'no-cache',
    userMetadata: parseMetadata(said['metadata'] ?? null),
    upsert,
    expires: Date.now() + lifetime,
    finished: false,
  }
  await service.parts.begin(upload)
  const withBytes = request.headers.get('content-type') === octets
  const id = Buffer.from(`${bucketName}/${name}/${upload.version}`).toString('base64url')
  const offset = withBytes ? await inTurn(id, (stopped) => receive(call, upload, stopped)) : 0
  if (!withBytes && length === 0) await complete(service, caller, upload)
  return say(201, { ...standing(upload, offset), location: `${resumablePath}/${id}` })
}

function tell({ service, id }: Call): Promise<Response> {
  return inTurn(id, async () => {
    const { upload, offset } = await find(service, id)
    const length = { 'upload-length': String(upload.length), 'cache-control': 'no-store' }
    return say(200, { ...standing(upload, offset), ...length })
  })
}

async function add(call: Call): Promise<Response> {
  const { service, request, caller, id } = call
  if (request.headers.get('content-type') !== octets)
    throw new TusError(415, `Content-Type must be ${octets}`)
  const at = wholeNumber(request, 'upload-offset')
  return inTurn(id, async (stopped) => {
    const { upload, offset } = await find(service, id)
    if (offset !== at) throw new TusError(409, `The upload stands at ${offset}, not at ${at}`)
    if (upload.finished) return say(204, standing(upload, offset))
    await probeUpload(service, caller, upload.bucket, upload.name, upload.upsert)
    return say(204, standing(upload, await receive(call, upload, stopped)))
  })
}

function end({ service, caller, id }: Call): Promise<Response> {
  return inTurn(id, async () => {
    const { upload } = await find(service, id)
    await probeUpload(service, caller, upload.bucket, upload.name, true)
    await service.parts.remove(upload.version)
    return say(204, {})
  })
}

/** Who comes last is right: a device that lost its line is back before the old line is noticed dead. */
const turns = new Map<string, { stop: AbortController; ended: Promise<unknown> }>()

/** One call at a time works on an upload; the one before it stops receiving and keeps what it has. */
async function inTurn<T>(id: string, work: (stopped: AbortSignal) => Promise<T>): Promise<T> {
  const version = versionOf(id)
  const before = turns.get(version)
  before?.stop.abort()
  const stop = new AbortController()
  const mine = (before?.ended ?? Promise.resolve()).then(() => work(stop.signal))
  const ended = mine.catch(() => {})
  turns.set(version, { stop, ended })
  try {
    return await mine
  } finally {
    if (turns.get(version)?.ended === ended) turns.delete(version)
  }
}

async function receive(
  { service, request, caller }: Call,
  upload: PartialUpload,
  stopped: AbortSignal,
): Promise<number> {
  try {
    const offset = await service.parts.append(upload, request.body, stopped)
    if (offset === upload.length) await complete(service, caller, upload)
    return offset
  } catch (error) {
    if (error instanceof MoreThanAnnounced) throw new TusError(413, 'More than Upload-Length was sent')
    throw error
  }
}

async function complete(service: StorageService, caller: Caller, upload: PartialUpload): Promise<void> {
  const { bucket, name, upsert } = upload
  const file = await service.files.adopt(service.parts.place(upload.version), upload.version)
  try {
    await record(service, caller, { bucket, name, upsert, owner: ownerOf(caller), file, content: upload })
  } catch (error) {
    await service.parts.remove(upload.version)
    throw error
  }
  await service.parts.finish(upload)
}

async function find(service: StorageService, id: string) {
  const found = await service.parts.find(versionOf(id))
  if (!found) throw new TusError(404, 'There is no such upload; it may have expired')
  return found
}

const versionOf = (id: string) => Buffer.from(id, 'base64url').toString('utf8').split('/').at(-1) ?? ''

const standing = (upload: PartialUpload, offset: number) => ({
  'upload-offset': String(offset),
  'upload-expires': new Date(upload.expires).toUTCString(),
})

function wholeNumber(request: Request, header: string): number {
  const value = request.headers.get(header) ?? ''
  if (!/^\d{1,15}$/.test(value)) throw new TusError(400, `${header} must be a number of bytes`)
  return Number(value)
}

/** `key base64,key base64`, a key alone for an empty value. */
function readMetadata(header: string): Record<string, string> {
  return Object.fromEntries(
    header.split(',').map((pair) => {
      const [key = '', value = ''] = pair.trim().split(' ')
      return [key, Buffer.from(value, 'base64').toString('utf8')]
    }),
  )
}

const say = (status: number, headers: Record<string, string>, words?: string) =>
  new Response(words ?? null, {
    status,
    headers: { 'tus-resumable': version, ...(words ? { 'content-type': 'text/plain' } : {}), ...headers },
  })
