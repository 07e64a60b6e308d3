import type { Sql, TransactionSql } from 'postgres'
import { asCaller } from '../as-caller.ts'
import type { Caller, Identify } from '../caller.ts'
import type { Files } from './files.ts'
import type { PartFiles } from './part-files.ts'
import type { SignedLinks } from './signed-links.ts'
import { bucketNotFound, fromDatabase } from './storage-error.ts'

export interface StorageService {
  sql: Sql
  files: Files
  /** Resumable uploads under way. */
  parts: PartFiles
  links: SignedLinks
  identify: Identify
}

export interface Bucket {
  id: string
  name: string
  owner: string | null
  public: boolean
  file_size_limit: number | null
  allowed_mime_types: string[] | null
  created_at: Date
  updated_at: Date
}

export interface ObjectRow {
  id: string
  bucket_id: string
  name: string
  owner_id: string | null
  version: string | null
  metadata: ObjectMetadata | null
  user_metadata: Record<string, unknown> | null
  created_at: Date
  updated_at: Date
  last_accessed_at: Date
}

export interface ObjectMetadata {
  eTag: string
  size: number
  mimetype: string
  cacheControl: string
  lastModified: string
  contentLength: number
  httpStatusCode: number
}

export const defaultSizeLimit = 50 * 1024 * 1024

/** Rows as the caller may see and change them; `operation` is what storage.operation() tells policies. */
export async function withPolicies<T>(
  { sql }: StorageService,
  caller: Caller,
  operation: string,
  work: (tx: TransactionSql) => Promise<T>,
): Promise<T> {
  try {
    return await asCaller(sql, caller, { 'storage.operation': operation }, work)
  } catch (error) {
    throw fromDatabase(error) ?? error
  }
}

/** The bucket's rules, whoever asks: they bind also those who may not see the bucket. */
export async function bucketRules({ sql }: StorageService, id: string): Promise<Bucket> {
  const [bucket] = await sql<Bucket[]>`
    select id, name, owner_id as owner, coalesce(public, false) as public, file_size_limit::float8 as file_size_limit,
      allowed_mime_types, created_at, updated_at
    from storage.buckets where id = ${id}`
  if (!bucket) throw bucketNotFound()
  return bucket
}

export const ownerOf = (caller: Caller): string | null =>
  caller.role === 'authenticated' && typeof caller.claims['sub'] === 'string' ? caller.claims['sub'] : null
