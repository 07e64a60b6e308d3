import type { Caller } from '../caller.ts'
import { byteRange } from './byte-range.ts'
import { bucketRules, type ObjectRow, type StorageService, withPolicies } from './service.ts'
import { objectNotFound } from './storage-error.ts'

/** As the caller sees it; in a public bucket as everybody does. */
export async function findObject(
  service: StorageService,
  caller: Caller | 'link',
  bucket: string,
  name: string,
) {
  const rules = await bucketRules(service, bucket)
  const { sql } = service
  const [row] =
    caller === 'link' || rules.public
      ? await sql<ObjectRow[]>`select * from storage.objects where bucket_id = ${bucket} and name = ${name}`
      : await withPolicies(
          service,
          caller,
          'storage.object.get_authenticated',
          (tx) => tx<ObjectRow[]>`
          select * from storage.objects where bucket_id = ${bucket} and name = ${name}`,
        )
  if (!row) throw objectNotFound()
  return row
}

// What people uploaded is served from the app's own origin: the sandbox keeps a page or a drawing
// among it from running there.
const safety = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'cross-origin',
}

export function serveObject(service: StorageService, request: Request, url: URL, row: ObjectRow): Response {
  const { metadata, version, updated_at } = row
  if (!metadata || !version) throw objectNotFound()
  const headers = new Headers({
    ...safety,
    'content-type': metadata.mimetype,
    'cache-control': metadata.cacheControl,
    etag: metadata.eTag,
    'last-modified': updated_at.toUTCString(),
    'accept-ranges': 'bytes',
  })
  const download = url.searchParams.get('download')
  if (download !== null) {
    const name = download === '' ? (row.name.split('/').at(-1) ?? '') : download
    headers.set('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
  }
  if (request.headers.get('if-none-match')?.includes(metadata.eTag)) {
    return new Response(null, { status: 304, headers })
  }
  const unchanged = request.headers.get('if-range')
  const wanted = unchanged === null || unchanged === metadata.eTag ? request.headers.get('range') : null
  const range = byteRange(wanted, metadata.size)
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${metadata.size}`)
    return new Response(null, { status: 416, headers })
  }
  const { from, to } = range ?? { from: 0, to: metadata.size - 1 }
  headers.set('content-length', String(to - from + 1))
  if (range) headers.set('content-range', `bytes ${from}-${to}/${metadata.size}`)
  const body = request.method === 'HEAD' ? null : service.files.read(version, from, to)
  return new Response(body, { status: range ? 206 : 200, headers })
}

export function describeObject(row: ObjectRow): Record<string, unknown> {
  const { metadata, user_metadata, version, bucket_id, name, id, created_at, updated_at } = row
  return {
    id,
    name,
    version,
    bucket_id,
    size: metadata?.size ?? null,
    content_type: metadata?.mimetype ?? null,
    cache_control: metadata?.cacheControl ?? null,
    etag: metadata?.eTag ?? null,
    last_modified: metadata?.lastModified ?? null,
    metadata: user_metadata ?? {},
    created_at,
    updated_at,
  }
}
