/** The bucket of attachments in memory, and the way to it, to be cut, slowed and made to refuse by a test. */
import type { Clock } from '../../ports.ts'
import { FileServerError, type FileServer } from '../file-ports.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Call = 'sizes' | 'begin' | 'offset' | 'append' | 'download'

export interface FileServerTwin extends FileServer {
  readonly files: Map<string, Bytes>
  readonly calls: Call[]
  /** Bytes that came in, of all uploads: what is sent twice counts twice. */
  readonly received: number
  /** Asked before every call, with its name; what it gives is what the call fails with. */
  fail: (call: Call) => FileServerError | null
  /** So many of the next calls are answered to nobody. */
  loseAnswers: number
  /** A part is cut after so many bytes. */
  cutAfter: number
  latency: number
  /** Being swept at this moment. */
  readonly leaving: Set<string>
  /** Uploads under way are forgotten, as after a day. */
  expire(): void
}

interface Arriving {
  readonly name: string
  readonly length: number
  readonly replace: boolean
  bytes: Bytes
}

export function makeFileServerTwin(clock: Clock): FileServerTwin {
  const files = new Map<string, Bytes>()
  const arriving = new Map<string, Arriving>()
  const calls: Call[] = []
  let received = 0
  let made = 0

  const carry = async <T>(call: Call, signal: AbortSignal, work: () => T): Promise<T> => {
    calls.push(call)
    await pause(clock, twin.latency)
    const failure = signal.aborted ? unreachable('given up') : twin.fail(call)
    if (failure) throw failure
    const answer = work()
    await pause(clock, twin.latency)
    if (signal.aborted) throw unreachable('given up')
    if (twin.loseAnswers > 0) {
      twin.loseAnswers--
      throw unreachable('the answer was lost')
    }
    return answer
  }

  const find = (address: string): Arriving => {
    const upload = arriving.get(address)
    if (!upload) throw new FileServerError('gone', 'no such upload')
    return upload
  }

  const take = (upload: Arriving) => {
    if (files.has(upload.name) && !upload.replace) throw new FileServerError('taken', 'the name is taken')
    files.set(upload.name, upload.bytes)
  }

  const twin: FileServerTwin = {
    files,
    calls,
    get received() {
      return received
    },
    fail: () => null,
    loseAnswers: 0,
    cutAfter: Infinity,
    latency: 0,
    leaving: new Set(),
    expire: () => arriving.clear(),

    sizes: (workspace, wanted, signal) =>
      carry('sizes', signal, () => {
        const sizes = new Map<string, number | 'leaving'>()
        for (const sha256 of wanted) {
          const held = files.get(`${workspace}/${sha256}`)
          if (twin.leaving.has(sha256)) sizes.set(sha256, 'leaving')
          else if (held) sizes.set(sha256, held.length)
        }
        return sizes
      }),

    begin: ({ workspace, sha256, bytes, replace }, signal) =>
      carry('begin', signal, () => {
        const name = `${workspace}/${sha256}`
        if (files.has(name) && !replace) throw new FileServerError('taken', 'the name is taken')
        const address = `upload/${++made}`
        arriving.set(address, { name, length: bytes, replace, bytes: new Uint8Array() })
        return address
      }),

    offset: (address, signal) => carry('offset', signal, () => find(address).bytes.length),

    append: (address, offset, bytes, signal, progress) =>
      carry('append', signal, () => {
        const upload = find(address)
        if (upload.bytes.length !== offset) throw new FileServerError('moved', 'it stands elsewhere')
        const arrived = bytes.subarray(0, twin.cutAfter)
        received += arrived.length
        upload.bytes = joined(upload.bytes, arrived)
        progress(arrived.length)
        if (upload.bytes.length === upload.length) take(upload)
        if (arrived.length < bytes.length) throw unreachable('the line was cut')
        return upload.bytes.length
      }),

    download: (workspace, sha256, signal) =>
      carry('download', signal, () => {
        const held = files.get(`${workspace}/${sha256}`)
        if (!held) throw new FileServerError('gone', 'no such file')
        return held.slice()
      }),
  }
  return twin
}

function joined(before: Bytes, after: Bytes): Bytes {
  const whole = new Uint8Array(before.length + after.length)
  whole.set(before)
  whole.set(after, before.length)
  return whole
}

const unreachable = (words: string) => new FileServerError('unreachable', words)

function pause(clock: Clock, milliseconds: number): Promise<void> {
  if (milliseconds === 0) return Promise.resolve()
  return new Promise((resolve) => void clock.after(milliseconds, resolve))
}
