// A page of a document's log in the packed form of `pull` and `read_compaction`: a slice of the snapshot, or lines
// in a row, each the 16 bytes of its op id, four bytes of length (the highest first), and its update.

export interface Page {
  snapshot?: { seq: number; size: number; from: number; state: string }
  first?: number
  lines?: string
  more: boolean
}

export interface Line {
  seq: number
  update: Uint8Array
}

export function readLines({ first = 1, lines = '' }: Page): Line[] {
  const bytes = fromBase64(lines)
  const view = new DataView(bytes.buffer)
  const found: Line[] = []
  for (let at = 0; at < bytes.length;) {
    const start = at + 20
    at = start + view.getUint32(at + 16)
    found.push({ seq: first + found.length, update: bytes.subarray(start, at) })
  }
  return found
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes
}

export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let start = 0; start < bytes.length; start += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000))
  }
  return btoa(binary)
}
