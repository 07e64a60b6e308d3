import { json } from '../json-response.ts'

/** As Supabase Storage says it: HTTP 400, and the kind in the body's `statusCode`. */
export class StorageError extends Error {
  override name = 'StorageError'
  constructor(
    readonly statusCode: number,
    readonly error: string,
    message: string,
  ) {
    super(message)
  }

  toResponse(): Response {
    const { statusCode, error, message } = this
    return json({ statusCode: String(statusCode), error, message, code: error }, 400)
  }
}

export const bucketNotFound = () => new StorageError(404, 'Bucket not found', 'Bucket not found')
export const objectNotFound = () => new StorageError(404, 'not_found', 'Object not found')
export const duplicate = () => new StorageError(409, 'Duplicate', 'The resource already exists')
export const tooLargeObject = () =>
  new StorageError(413, 'Payload too large', 'The object exceeded the maximum allowed size')

/** What a database error means to the caller, or undefined when it is none of theirs. */
export function fromDatabase(error: unknown): StorageError | undefined {
  const code = (error as { code?: unknown }).code
  if (code === '42501') {
    return new StorageError(403, 'Unauthorized', 'new row violates row-level security policy')
  }
  if (code === '23505') return duplicate()
  if (code === '23503') return bucketNotFound()
  return undefined
}
