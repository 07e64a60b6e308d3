import { json } from './json-response.ts'

// How much a request may carry, by the part that reads it. A larger one is refused before it is
// read where it says its length, and while it is read where it does not.

export class BodyTooLarge extends Error {
  override name = 'BodyTooLarge'
  constructor(readonly limit: number) {
    super(`The request is larger than ${limit} bytes.`)
  }
}

const mebibyte = 1024 * 1024

const limits: [prefix: string, bytes: number][] = [
  ['/auth/v1/', mebibyte],
  ['/rest/v1/', 32 * mebibyte],
  ['/realtime/v1/', 4 * mebibyte],
  ['/functions/v1/', 20 * mebibyte],
  ['/storage/v1/object/', 512 * mebibyte],
  ['/storage/v1/upload/', 512 * mebibyte],
]

export const bodyLimit = (path: string) => limits.find(([prefix]) => path.startsWith(prefix))?.[1] ?? mebibyte

// Whoever sends hears the refusal only when they have finished sending: an answer on a line that is
// cut is lost. So what is too much is read and dropped, up to a point.
const mostDropped = 128 * mebibyte

/** The same request, whose body fails with BodyTooLarge at its end when it runs over. */
export function limitBody(request: Request, limit: number): Request {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw new BodyTooLarge(limit)
  if (!request.body || request.headers.has('content-length')) return request
  let seen = 0
  const counted = request.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        seen += chunk.byteLength
        if (seen <= limit) controller.enqueue(chunk)
        else if (seen > limit + mostDropped) controller.error(new BodyTooLarge(limit))
      },
      flush(controller) {
        if (seen > limit) controller.error(new BodyTooLarge(limit))
      },
    }),
  )
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: counted,
    // @ts-expect-error -- undici needs `duplex` for a streamed body; the DOM's types do not know it
    duplex: 'half',
  })
}

/** Reads what nobody read of a request that was answered without it. */
export async function dropBody(request: Request): Promise<void> {
  if (!request.body || request.bodyUsed || request.body.locked) return
  const reader = request.body.getReader()
  let dropped = 0
  try {
    while (dropped < mostDropped) {
      const { done, value } = await reader.read()
      if (done) return
      dropped += value.byteLength
    }
    await reader.cancel()
  } catch {
    // The sender hung up: nobody is left to hear.
  }
}

export const tooLarge = ({ limit }: BodyTooLarge) =>
  json(
    {
      code: 'payload_too_large',
      error: 'Payload too large',
      statusCode: '413',
      message: `The request is larger than ${limit} bytes. Send less at a time.`,
    },
    413,
  )
