/**
 * The packed form of a pull: lines in a row, each the 16 bytes of its op id, four bytes of length (the highest first)
 * and its update; and a large snapshot in slices, which are held here until it is whole. [P25] [P26]
 */
import { fromBase64 } from '../base64.ts'
import type { LoggedUpdate, PulledDocument } from '../ports.ts'

/** Null for what is no row of lines. */
export function readLines(first: number, text: string): LoggedUpdate[] | null {
  const bytes = fromBase64(text)
  if (bytes === null) return null
  const view = new DataView(bytes.buffer)
  const lines: LoggedUpdate[] = []
  for (let at = 0; at < bytes.length;) {
    const start = at + 20
    const end = start <= bytes.length ? start + view.getUint32(at + 16) : Infinity
    if (end > bytes.length) return null
    // A copy: a view would keep the whole page alive, and be stored as the whole page.
    lines.push({ seq: first + lines.length, op_id: uuidOf(view, at), update: bytes.slice(start, end) })
    at = end
  }
  return lines
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function uuidOf(view: DataView, at: number): string {
  let text = ''
  for (let byte = 0; byte < 16; byte++) {
    text += hex[view.getUint8(at + byte)]
    if (byte === 3 || byte === 5 || byte === 7 || byte === 9) text += '-'
  }
  return text
}

type Snapshot = NonNullable<PulledDocument['snapshot']>

interface Slice {
  readonly seq: number
  readonly op_id: string | null
  readonly size: number
  readonly from: number
  readonly bytes: Uint8Array
}

interface Held {
  readonly seq: number
  readonly op_id: string | null
  readonly state: Uint8Array
  bytes: number
}

export interface SnapshotSlices {
  /** How much of which snapshot is here: goes with the cursor. */
  held(doc: string): { readonly seq: number; readonly bytes: number } | null
  /** The snapshot, once it is whole. */
  add(doc: string, slice: Slice): Snapshot | null
}

/** Kept beyond a call that failed: a large document arrives over a bad line too. */
export function makeSnapshotSlices(): SnapshotSlices {
  const arriving = new Map<string, Held>()
  return {
    held(doc) {
      const held = arriving.get(doc)
      return held ? { seq: held.seq, bytes: held.bytes } : null
    },
    add(doc, { seq, op_id, size, from, bytes }) {
      const before = arriving.get(doc)
      arriving.delete(doc)
      const goesOn = before?.seq === seq && before.op_id === op_id && before.state.length === size
      const held = goesOn ? before : { seq, op_id, state: new Uint8Array(size), bytes: 0 }
      // Another snapshot took its place meanwhile: it begins with the next page.
      if (from !== held.bytes || from + bytes.length > size) return null
      held.state.set(bytes, from)
      held.bytes += bytes.length
      if (held.bytes === size) return { seq, op_id, state: held.state }
      arriving.set(doc, held)
      return null
    },
  }
}
