import { randomUUID } from 'node:crypto'
import type { Caller } from '../caller.ts'
import { findObject } from './download.ts'
import { checkObjectName } from './object-name.ts'
import { bucketRules, type ObjectRow, ownerOf, type StorageService, withPolicies } from './service.ts'
import { objectNotFound, StorageError } from './storage-error.ts'

interface Listing {
  prefix?: string
  search?: string
  limit?: number
  offset?: number
  sortBy?: { column?: string; order?: string }
}

const columns = new Set(['name', 'created_at', 'updated_at', 'last_accessed_at'])

/** One level of a folder: its files, and the folders in it, which have no id. */
export async function listFolder(service: StorageService, caller: Caller, bucket: string, listing: Listing) {
  await bucketRules(service, bucket)
  const { prefix = '', search = '', limit = 100, offset = 0 } = listing
  const folder = prefix === '' || prefix.endsWith('/') ? prefix.replace(/^\/+/, '') : `${prefix}/`
  const column = columns.has(listing.sortBy?.column ?? '') ? (listing.sortBy?.column ?? 'name') : 'name'
  const descending = listing.sortBy?.order === 'desc'
  const most = Math.min(1000, Math.max(1, Math.floor(Number(limit)) || 100))
  return withPolicies(
    service,
    caller,
    'storage.object.list',
    (tx) => tx`
    with here as (
      select substr(name, length(${folder}) + 1) as rest, id, created_at, updated_at, last_accessed_at, metadata
      from storage.objects
      where bucket_id = ${bucket} and starts_with(name, ${folder}) and length(name) > length(${folder})
    ), entries as (
      select rest as name, id, created_at, updated_at, last_accessed_at, metadata from here where rest not like '%/%'
      union all
      select distinct split_part(rest, '/', 1), null::uuid, null::timestamptz, null::timestamptz, null::timestamptz,
        null::jsonb from here where rest like '%/%'
    )
    select * from entries where ${search} = '' or position(lower(${search}) in lower(name)) > 0
    order by ${tx(column)} ${descending ? tx`desc` : tx`asc`}, name
    limit ${most} offset ${Math.max(0, Math.floor(Number(offset)) || 0)}`,
  )
}

export async function removeObjects(service: StorageService, caller: Caller, bucket: string, names: unknown) {
  await bucketRules(service, bucket)
  if (!Array.isArray(names) || names.length > 1000 || names.some((name) => typeof name !== 'string')) {
    throw new StorageError(400, 'InvalidRequest', 'prefixes must be a list of at most 1000 names')
  }
  const gone = await withPolicies(
    service,
    caller,
    'storage.object.delete_many',
    (tx) => tx<ObjectRow[]>`
    delete from storage.objects where bucket_id = ${bucket} and name = any(${names as string[]}) returning *`,
  )
  await service.files.remove(gone.map(({ version }) => version))
  return gone
}

interface Journey {
  bucketId: string
  sourceKey: string
  destinationKey: string
  destinationBucket?: string | null
}

export function readJourney(body: Record<string, unknown>): Journey {
  const { bucketId, sourceKey, destinationKey, destinationBucket } = body
  if (typeof bucketId !== 'string' || typeof sourceKey !== 'string' || typeof destinationKey !== 'string') {
    throw new StorageError(400, 'InvalidRequest', 'bucketId, sourceKey and destinationKey must be given')
  }
  checkObjectName(destinationKey)
  return {
    bucketId,
    sourceKey,
    destinationKey,
    destinationBucket: typeof destinationBucket === 'string' ? destinationBucket : bucketId,
  }
}

export async function moveObject(service: StorageService, caller: Caller, journey: Journey) {
  const target = journey.destinationBucket ?? journey.bucketId
  const moved = await withPolicies(
    service,
    caller,
    'storage.object.move',
    (tx) => tx`
    update storage.objects set bucket_id = ${target}, name = ${journey.destinationKey}, updated_at = now()
    where bucket_id = ${journey.bucketId} and name = ${journey.sourceKey} returning id`,
  )
  if (moved.length === 0) throw objectNotFound()
  return { message: 'Successfully moved' }
}

export async function copyObject(service: StorageService, caller: Caller, journey: Journey, upsert: boolean) {
  const target = journey.destinationBucket ?? journey.bucketId
  const source = await findObject(service, caller, journey.bucketId, journey.sourceKey)
  if (!source.version) throw objectNotFound()
  const version = await service.files.copy(source.version)
  const id = randomUUID()
  const owner = ownerOf(caller)
  let replaced: string | null = null
  try {
    await withPolicies(service, caller, 'storage.object.copy', async (tx) => {
      if (upsert) {
        const [before] = await tx<{ version: string | null }[]>`
          select version from storage.objects where bucket_id = ${target} and name = ${journey.destinationKey} for update`
        replaced = before?.version ?? null
      }
      await tx`
        insert into storage.objects (id, bucket_id, name, owner, owner_id, version, metadata, user_metadata)
        values (${id}, ${target}, ${journey.destinationKey}, ${owner}, ${owner}, ${version},
          ${tx.json(source.metadata as never)}, ${tx.json((source.user_metadata ?? {}) as never)})
        ${upsert ? tx`on conflict (bucket_id, name) do update set version = excluded.version, metadata = excluded.metadata, user_metadata = excluded.user_metadata, updated_at = now()` : tx``}`
    })
  } catch (error) {
    await service.files.remove([version])
    throw error
  }
  await service.files.remove([replaced])
  return { Id: id, Key: `${target}/${journey.destinationKey}` }
}
