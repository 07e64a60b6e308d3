/**
 * Reads through a Yjs update (format 1) without making anything of it: which clocks it carries, and that a reader
 * would get to its end. `Y.decodeUpdate` builds every item for that, which costs as much again as applying the update.
 *
 * An update is a list of sections, each of one client (count of structs, client, first clock, structs), and a delete
 * set (clients, each with runs of clock and length). A struct is one byte, whose lower five bits name what it is (0
 * collected, 1 to 9 an item's content, 10 a hole) and whose upper three say which of its neighbours, its parent and
 * its key are written. Numbers are of variable length; texts are their length and UTF-8.
 */

/** Clocks of one client, from inclusive to exclusive. */
export interface ClockRange {
  readonly client: number
  readonly from: number
  readonly to: number
}

export interface UpdateContent {
  readonly inserts: readonly ClockRange[]
  readonly deletes: readonly ClockRange[]
}

/** Structs of one client that follow each other without a hole, and where in the update they stand. */
export interface Run extends ClockRange {
  readonly structs: number
  readonly bytes: Uint8Array
}

export interface UpdateParts extends UpdateContent {
  readonly inserts: readonly Run[]
}

const HAS_ORIGIN = 0x80
const HAS_RIGHT_ORIGIN = 0x40
const HAS_KEY = 0x20
const KIND = 0x1f
const HOLE = 10
// Yjs itself would run out of stack somewhere beyond.
const DEEPEST = 500

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Throws on bytes that are no update: always asked before bytes of the log come near a document. */
export const contentOf: (update: Uint8Array) => UpdateContent = partsOf

/** The same, with the bytes of what it carries. */
export function partsOf(update: Uint8Array): UpdateParts {
  bytes = update
  end = update.length
  at = 0
  const inserts: Run[] = []
  for (let sections = number(); sections > 0; sections--) {
    let left = number()
    const client = number()
    let from = number()
    let clock = from
    let begin = at
    let structs = 0
    const note = (until: number) => {
      if (clock > from)
        inserts.push({ client, from, to: clock, structs, bytes: update.subarray(begin, until) })
    }
    for (; left > 0; left--) {
      const info = byte()
      if (info === HOLE) {
        note(at - 1)
        clock += number()
        from = clock
        begin = at
        structs = 0
      } else {
        clock += struct(info)
        structs++
      }
    }
    note(at)
  }
  const deletes: ClockRange[] = []
  for (let clients = number(); clients > 0; clients--) {
    const client = number()
    for (let runs = number(); runs > 0; runs--) {
      const from = number()
      deletes.push({ client, from, to: from + number() })
    }
  }
  bytes = nothing
  return { inserts, deletes }
}

// What is being read. It is read in one go, and tens of thousands of small updates are: readers made anew for each
// would cost more than the reading.
const nothing = new Uint8Array()
let bytes: Uint8Array = nothing
let end = 0
let at = 0

function fail(): never {
  throw new Error(`no Yjs update: unreadable at byte ${at}`)
}

function byte(): number {
  return at < end ? (bytes[at++] ?? 0) : fail()
}

function number(): number {
  let value = 0
  for (let scale = 1; ; scale *= 128) {
    const next = byte()
    value += (next & 0x7f) * scale
    if (value > Number.MAX_SAFE_INTEGER) fail()
    if (next < 0x80) return value
  }
}

function skip(count: number): void {
  at += count
  if (at > end) fail()
}

/** Its length as a JavaScript string. */
function text(): number {
  const length = number()
  const from = at
  skip(length)
  for (let place = from; place < at; place++) {
    if ((bytes[place] ?? 0) >= 0x80) return utf8.decode(bytes.subarray(from, at)).length
  }
  return length
}

function textItself(): string {
  const length = number()
  skip(length)
  return utf8.decode(bytes.subarray(at - length, at))
}

function json(): void {
  const value = textItself()
  if (value !== 'undefined') JSON.parse(value)
}

function signed(): void {
  const first = byte()
  let value = first & 0x3f
  if (first < 0x80) return
  for (let scale = 64; ; scale *= 128) {
    const next = byte()
    value += (next & 0x7f) * scale
    if (value > Number.MAX_SAFE_INTEGER) fail()
    if (next < 0x80) return
  }
}

function any(depth = 0): void {
  if (depth > DEEPEST) fail()
  const kind = byte()
  switch (kind) {
    case 127: // undefined
    case 126: // null
    case 121: // false
    case 120: // true
      return
    case 125:
      return signed()
    case 124:
      return skip(4)
    case 123:
    case 122:
      return skip(8)
    case 119:
      return void text()
    case 118:
      for (let left = number(); left > 0; left--) {
        text()
        any(depth + 1)
      }
      return
    case 117:
      for (let left = number(); left > 0; left--) any(depth + 1)
      return
    case 116:
      return skip(number())
    default:
      fail()
  }
}

function type(): void {
  const kind = number()
  if (kind > 6) fail()
  // An element and a hook carry their name.
  if (kind === 3 || kind === 5) text()
}

/** The clocks that the content takes. */
function content(kind: number): number {
  switch (kind) {
    case 1:
      return number()
    case 2: {
      const count = number()
      for (let left = count; left > 0; left--) json()
      return count
    }
    case 3:
      skip(number())
      return 1
    case 4:
      return text()
    case 5:
      JSON.parse(textItself())
      return 1
    case 6:
      text()
      JSON.parse(textItself())
      return 1
    case 7:
      type()
      return 1
    case 8: {
      const count = number()
      for (let left = count; left > 0; left--) any()
      return count
    }
    case 9:
      text()
      // Its options are looked into by name.
      if (bytes[at] === 126 || bytes[at] === 127) fail()
      any()
      return 1
    default:
      return fail()
  }
}

function struct(info: number): number {
  const kind = info & KIND
  if (kind === 0) return number()
  const alone = (info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN)) === 0
  if (info & HAS_ORIGIN) {
    number()
    number()
  }
  if (info & HAS_RIGHT_ORIGIN) {
    number()
    number()
  }
  if (alone) {
    if (number() === 1) text()
    else {
      number()
      number()
    }
    if (info & HAS_KEY) text()
  }
  return content(kind)
}
