import type { Caller } from '../caller.ts'
import { type Bucket, ownerOf, type StorageService, withPolicies } from './service.ts'
import { bucketNotFound, StorageError } from './storage-error.ts'

interface BucketFields {
  id?: string
  name?: string
  public?: boolean
  file_size_limit?: number | string | null
  allowed_mime_types?: string[] | null
}

export function listBuckets(service: StorageService, caller: Caller): Promise<Bucket[]> {
  return withPolicies(
    service,
    caller,
    'storage.bucket.list',
    (tx) => tx<Bucket[]>`
    select id, name, owner_id as owner, public, file_size_limit::float8 as file_size_limit, allowed_mime_types,
      created_at, updated_at from storage.buckets order by name`,
  )
}

export async function getBucket(service: StorageService, caller: Caller, id: string): Promise<Bucket> {
  const found = (await listBuckets(service, caller)).find((bucket) => bucket.id === id)
  if (!found) throw bucketNotFound()
  return found
}

export async function createBucket(service: StorageService, caller: Caller, fields: BucketFields) {
  const name = fields.id ?? fields.name ?? ''
  if (!/^[\w!\-.*'() &$@=;:+,]{1,100}$/.test(name)) {
    throw new StorageError(400, 'InvalidBucketName', 'Bucket name invalid')
  }
  const owner = ownerOf(caller)
  await withPolicies(
    service,
    caller,
    'storage.bucket.create',
    (tx) => tx`
    insert into storage.buckets (id, name, owner, owner_id, public, file_size_limit, allowed_mime_types)
    values (${name}, ${fields.name ?? name}, ${owner}, ${owner}, ${fields.public ?? false},
      ${byteCount(fields.file_size_limit) ?? null}, ${fields.allowed_mime_types ?? null})`,
  )
  return { name }
}

export async function updateBucket(
  service: StorageService,
  caller: Caller,
  id: string,
  fields: BucketFields,
) {
  const known = await getBucket(service, caller, id)
  const limit =
    fields.file_size_limit === undefined ? known.file_size_limit : byteCount(fields.file_size_limit)
  const types = fields.allowed_mime_types === undefined ? known.allowed_mime_types : fields.allowed_mime_types
  const changed = await withPolicies(
    service,
    caller,
    'storage.bucket.update',
    (tx) => tx`
    update storage.buckets set public = ${fields.public ?? known.public}, file_size_limit = ${limit ?? null},
      allowed_mime_types = ${types}, updated_at = now()
    where id = ${id} returning id`,
  )
  if (changed.length === 0) throw bucketNotFound()
  return { message: 'Successfully updated' }
}

export async function deleteBucket(service: StorageService, caller: Caller, id: string) {
  await getBucket(service, caller, id)
  const { sql } = service
  const held = await sql`select from storage.objects where bucket_id = ${id} limit 1`
  if (held.length > 0) {
    throw new StorageError(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty')
  }
  const gone = await withPolicies(
    service,
    caller,
    'storage.bucket.delete',
    (tx) => tx`
    delete from storage.buckets where id = ${id} returning id`,
  )
  if (gone.length === 0) throw bucketNotFound()
  return { message: 'Successfully deleted' }
}

export async function emptyBucket(service: StorageService, caller: Caller, id: string) {
  await getBucket(service, caller, id)
  const gone = await withPolicies(
    service,
    caller,
    'storage.bucket.empty',
    (tx) => tx<{ version: string | null }[]>`
    delete from storage.objects where bucket_id = ${id} returning version`,
  )
  await service.files.remove(gone.map(({ version }) => version))
  return { message: 'Successfully emptied' }
}

function byteCount(limit: number | string | null | undefined): number | null {
  if (limit === null || limit === undefined) return null
  const [, count, unit] = /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB)?$/i.exec(String(limit)) ?? []
  if (!count)
    throw new StorageError(400, 'InvalidRequest', 'file_size_limit must be a number of bytes, or like 10MB')
  const power = ['B', 'KB', 'MB', 'GB'].indexOf((unit ?? 'B').toUpperCase())
  return Math.floor(Number(count) * 1000 ** power)
}
