import { json } from '../json-response.ts'

/** As Supabase Storage says it: HTTP 400, and the kind in the body's `statusCode` and `code`. */
export class StorageError extends Error {
  override name = 'StorageError'
  constructor(
    readonly statusCode: number,
    readonly code: string,
    message: string,
    readonly error: string = code,
  ) {
    super(message)
  }

  toResponse(): Response {
    const { statusCode, code, error, message } = this
    return json({ statusCode: String(statusCode), code, error, message }, 400)
  }
}

export const bucketNotFound = () =>
  new StorageError(404, 'NoSuchBucket', 'Bucket not found', 'Bucket not found')
export const objectNotFound = () => new StorageError(404, 'NoSuchKey', 'Object not found', 'not_found')
const duplicate = () => new StorageError(409, 'KeyAlreadyExists', 'The resource already exists', 'Duplicate')
export const tooLargeObject = () =>
  new StorageError(413, 'EntityTooLarge', 'The object exceeded the maximum allowed size', 'Payload too large')

/** What a database error means to the caller, or undefined when it is none of theirs. */
export function fromDatabase(error: unknown): StorageError | undefined {
  const code = (error as { code?: unknown }).code
  if (code === '42501') {
    return new StorageError(403, 'AccessDenied', 'new row violates row-level security policy', 'Unauthorized')
  }
  if (code === '23505') return duplicate()
  if (code === '23503') return bucketNotFound()
  return undefined
}
