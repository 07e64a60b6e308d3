import { randomUUID } from 'node:crypto'
import type { TransactionSql } from 'postgres'
import { limitBody } from '../body-limit.ts'
import type { Caller } from '../caller.ts'
import type { StoredFile } from './files.ts'
import { checkObjectName } from './object-name.ts'
import {
  type Bucket,
  bucketRules,
  defaultSizeLimit,
  type ObjectMetadata,
  ownerOf,
  type StorageService,
  withPolicies,
} from './service.ts'
import { StorageError, tooLargeObject } from './storage-error.ts'

/** What a form adds to the file in it, at most. */
const envelope = 65_536

interface Upload {
  bucket: string
  name: string
  upsert: boolean
  caller: Caller
  /** Whose the object is to be, where that is not the caller (a signed link). */
  owner?: string | null
}

/** What is known of an object besides its bytes. */
interface Described {
  type: string
  cacheControl: string
  userMetadata: Record<string, unknown> | null
}

interface Content extends Described {
  body: ReadableStream<Uint8Array> | null
}

/** Asks the policies first, so that nobody fills the disk who may not; then the file; then the row. */
export async function upload(
  service: StorageService,
  request: Request,
  { bucket: id, name, upsert, caller, owner = ownerOf(caller) }: Upload,
) {
  checkObjectName(name)
  const bucket = await bucketRules(service, id)
  const limit = bucket.file_size_limit ?? defaultSizeLimit
  if (Number(request.headers.get('content-length') ?? 0) > limit + envelope) throw tooLargeObject()
  await probeUpload(service, caller, id, name, upsert)
  const content = await readContent(request, limit)
  checkType(bucket, content.type)
  const file = await service.files.write(content.body, limit)
  return await record(service, caller, { bucket: id, name, upsert, owner, file, content })
}

/** Writes the row that makes a file an object; without it the file goes again. */
export async function record(service: StorageService, caller: Caller, row: Row) {
  let replaced: string | null = null
  try {
    const written = await withPolicies(service, caller, 'storage.object.upload', (tx) => writeRow(tx, row))
    replaced = written.replaced
    return { Id: written.id, Key: `${row.bucket}/${row.name}`, path: row.name }
  } catch (error) {
    await service.files.remove([row.file.version])
    throw error
  } finally {
    await service.files.remove([replaced])
  }
}

class Probed extends Error {}

/** Whether the row could be written, found out in a transaction that is rolled back. */
export async function probeUpload(
  service: StorageService,
  caller: Caller,
  bucket: string,
  name: string,
  upsert: boolean,
): Promise<void> {
  try {
    await withPolicies(service, caller, 'storage.object.upload', async (tx) => {
      const owner = ownerOf(caller)
      await tx`
        insert into storage.objects (id, bucket_id, name, owner, owner_id, metadata)
        values (${randomUUID()}, ${bucket}, ${name}, ${owner}, ${owner}, '{}')
        ${upsert ? tx`on conflict (bucket_id, name) do update set updated_at = now()` : tx``}`
      throw new Probed()
    })
  } catch (error) {
    if (!(error instanceof Probed)) throw error
  }
}

interface Row {
  bucket: string
  name: string
  upsert: boolean
  owner: string | null
  file: StoredFile
  content: Described
}

async function writeRow(tx: TransactionSql, { bucket, name, upsert, owner, file, content }: Row) {
  const id = randomUUID()
  const metadata: ObjectMetadata = {
    eTag: file.eTag,
    size: file.size,
    mimetype: content.type,
    cacheControl: content.cacheControl,
    lastModified: new Date().toISOString(),
    contentLength: file.size,
    httpStatusCode: 200,
  }
  const values = tx`
    insert into storage.objects (id, bucket_id, name, owner, owner_id, version, metadata, user_metadata)
    values (${id}, ${bucket}, ${name}, ${owner}, ${owner}, ${file.version}, ${tx.json(metadata as never)},
      ${content.userMetadata ? tx.json(content.userMetadata as never) : null})`
  if (!upsert) {
    await values
    return { id, replaced: null }
  }
  const [before] = await tx<{ id: string; version: string | null }[]>`
    select id, version from storage.objects where bucket_id = ${bucket} and name = ${name} for update`
  await tx`${values}
    on conflict (bucket_id, name) do update set version = excluded.version, metadata = excluded.metadata,
      user_metadata = excluded.user_metadata, owner = excluded.owner, owner_id = excluded.owner_id, updated_at = now()`
  return { id: before?.id ?? id, replaced: before?.version ?? null }
}

/** storage-js sends a file as a form whose file field has no name, or as the bare body. */
async function readContent(request: Request, limit: number): Promise<Content> {
  const type = request.headers.get('content-type') ?? 'application/octet-stream'
  if (!type.startsWith('multipart/form-data')) {
    return {
      body: request.body,
      type,
      cacheControl: request.headers.get('cache-control') ?? 'no-cache',
      userMetadata: parseMetadata(decodeBase64(request.headers.get('x-metadata'))),
    }
  }
  // A form is held in memory as a whole, so one that does not say its length is counted as it comes.
  const form = await limitBody(request, limit + envelope).formData()
  const file = [...form.values()].find((value) => typeof value !== 'string')
  if (!file || typeof file === 'string')
    throw new StorageError(400, 'InvalidRequest', 'The form carries no file')
  const seconds = form.get('cacheControl')
  const metadata = form.get('metadata')
  return {
    body: file.stream(),
    type: file.type || 'application/octet-stream',
    cacheControl: typeof seconds === 'string' && /^\d+$/.test(seconds) ? `max-age=${seconds}` : 'no-cache',
    userMetadata: parseMetadata(typeof metadata === 'string' ? metadata : null),
  }
}

const decodeBase64 = (text: string | null) =>
  text === null ? null : Buffer.from(text, 'base64').toString('utf8')

export function parseMetadata(text: string | null): Record<string, unknown> | null {
  if (text === null) return null
  try {
    const metadata: unknown = JSON.parse(text)
    return metadata !== null && typeof metadata === 'object' ? (metadata as Record<string, unknown>) : null
  } catch {
    throw new StorageError(400, 'InvalidRequest', 'The metadata is not JSON')
  }
}

export function checkType({ allowed_mime_types: allowed }: Bucket, type: string): void {
  if (!allowed || allowed.length === 0) return
  const plain = type.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const fits = allowed.some(
    (one) => one === '*/*' || one === plain || (one.endsWith('/*') && plain.startsWith(one.slice(0, -1))),
  )
  if (!fits)
    throw new StorageError(415, 'InvalidMimeType', `mime type ${plain} is not supported`, 'invalid_mime_type')
}
