/**
 * An edit as it is told directly, on `edits:…` as event `edit`: one byte for the version of this format (1), one for
 * the length of the document's id, the id, and the Yjs update.
 */
const VERSION = 1
const HEADER = 2
// Nobody of ours tells more than half of that. What is larger is not looked into.
const MOST_BYTES = 64_000

export interface EditHint {
  readonly doc: string
  readonly update: Uint8Array
}

export function encodeEditHint({ doc, update }: EditHint): Uint8Array {
  const id = new TextEncoder().encode(doc)
  const bytes = new Uint8Array(HEADER + id.byteLength + update.byteLength)
  bytes.set([VERSION, id.byteLength])
  bytes.set(id, HEADER)
  bytes.set(update, HEADER + id.byteLength)
  return bytes
}

/** Null when it is none of this version. The update is whatever it is. */
export function decodeEditHint(payload: unknown): EditHint | null {
  if (!(payload instanceof Uint8Array) || payload[0] !== VERSION) return null
  const start = HEADER + (payload[1] ?? 0)
  if (payload.byteLength <= start || payload.byteLength > MOST_BYTES) return null
  const doc = new TextDecoder().decode(payload.subarray(HEADER, start))
  return { doc, update: payload.slice(start) }
}
