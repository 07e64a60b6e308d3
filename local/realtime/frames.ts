// The wire. Protocol 1.0.0 sends objects {topic, event, payload, ref, join_ref}; 2.0.0 sends arrays
// [join_ref, ref, topic, event, payload] and, for broadcasts, bytes:
//   client → server  3, length of join_ref, ref, topic, event, metadata, encoding; those strings; payload
//   server → client  4, length of topic, event, metadata, encoding; those strings; payload
// Encoding 0 is bytes, 1 is JSON. PROTOCOL.md holds the grammar.

export type Vsn = '1.0.0' | '2.0.0'

export const isVsn = (value: string): value is Vsn => value === '1.0.0' || value === '2.0.0'

export interface Frame {
  joinRef: string | null
  ref: string | null
  topic: string
  event: string
  payload: unknown
  /** Present when the frame came as bytes: the payload as sent, untouched. */
  broadcast?: Broadcast
}

/** `text` goes to everybody as JSON; `bytes` goes as it came to 2.0.0 and, when it is JSON, as text to 1.0.0. */
export type Broadcast = {
  /** The transaction that sent it, when the database did. */
  transaction?: bigint
} & (
  | { form: 'text'; payload: string }
  | { form: 'bytes'; event: string; encoding: 'json' | 'binary'; body: Buffer; meta?: string }
)

export class MalformedFrame extends Error {}

export function decodeText(vsn: Vsn, text: string): Frame {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new MalformedFrame('not JSON')
  }
  if (vsn === '2.0.0') {
    if (!Array.isArray(value) || value.length !== 5) throw new MalformedFrame('not an array of five')
    return checked(value[0], value[1], value[2], value[3], value[4])
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MalformedFrame('not an object')
  const { join_ref, ref, topic, event, payload } = value as Record<string, unknown>
  return checked(join_ref, ref, topic, event, payload)
}

function checked(joinRef: unknown, ref: unknown, topic: unknown, event: unknown, payload: unknown): Frame {
  if (typeof topic !== 'string' || typeof event !== 'string') throw new MalformedFrame('no topic or event')
  return { joinRef: reference(joinRef), ref: reference(ref), topic, event, payload }
}

function reference(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  throw new MalformedFrame('a ref that is no string')
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function decodeBytes(bytes: Buffer): Frame {
  if (bytes.length < 7 || bytes[0] !== 3) throw new MalformedFrame('not a broadcast push')
  const encoding = bytes[6]
  if (encoding !== 0 && encoding !== 1) throw new MalformedFrame('an unknown encoding')
  let offset = 7
  const string = (header: number): string => {
    const end = offset + (bytes[header] ?? 0)
    if (end > bytes.length) throw new MalformedFrame('shorter than its header says')
    try {
      return utf8.decode(bytes.subarray(offset, (offset = end)))
    } catch {
      throw new MalformedFrame('a string that is not UTF-8')
    }
  }
  const joinRef = string(1)
  const ref = string(2)
  const topic = string(3)
  const event = string(4)
  string(5) // metadata: `persist` alone, which a server without stored broadcasts passes over
  const body = bytes.subarray(offset)
  if (encoding === 1) requireJson(body)
  return {
    joinRef: joinRef || null,
    ref: ref || null,
    topic,
    event: 'broadcast',
    payload: null,
    broadcast: { form: 'bytes', event, encoding: encoding === 1 ? 'json' : 'binary', body },
  }
}

// A payload that says it is JSON and is not would break every client that receives it.
function requireJson(body: Buffer): void {
  try {
    JSON.parse(utf8.decode(body))
  } catch {
    throw new MalformedFrame('a JSON payload that is not JSON')
  }
}

/** `payload` is JSON text: what PostgreSQL wrote is passed on without being read, so numbers keep their digits. */
export function encodeText(
  vsn: Vsn,
  frame: { joinRef: string | null; ref: string | null; topic: string; event: string; payload: string },
): string {
  const { joinRef, ref, topic, event, payload } = frame
  if (vsn === '2.0.0') {
    return `[${JSON.stringify(joinRef)},${JSON.stringify(ref)},${JSON.stringify(topic)},${JSON.stringify(event)},${payload}]`
  }
  return `{"topic":${JSON.stringify(topic)},"event":${JSON.stringify(event)},"payload":${payload},"ref":${JSON.stringify(ref)},"join_ref":${JSON.stringify(joinRef)}}`
}

/** Null: this protocol cannot carry it (bytes to a 1.0.0 socket). */
export function encodeBroadcast(vsn: Vsn, topic: string, broadcast: Broadcast): string | Buffer | null {
  const text = (payload: string) =>
    encodeText(vsn, { joinRef: null, ref: null, topic, event: 'broadcast', payload })
  if (broadcast.form === 'text') return text(broadcast.payload)

  const { event, encoding, body, meta = '' } = broadcast
  const strings = [topic, event, meta].map((value) => Buffer.from(value))
  if (vsn === '2.0.0' && strings.every((value) => value.length <= 255)) {
    const header = Buffer.from([4, ...strings.map((value) => value.length), encoding === 'json' ? 1 : 0])
    return Buffer.concat([header, ...strings, body])
  }
  if (encoding === 'binary') return null
  return text(userPayload(event, body.toString(), meta))
}

/** The payload of a broadcast as text frames carry it. */
export function userPayload(event: string, payload: string, meta = ''): string {
  return `{"type":"broadcast","event":${JSON.stringify(event)},"payload":${payload}${meta && `,"meta":${meta}`}}`
}
