/**
 * Sends one file, from where it was. The server is asked first whether it has the file; an upload that was begun goes
 * on at the offset that the server names; the address is written down before the first byte goes. Only the server's
 * word, size and all, makes the file safe. [F4] [F5] [F6]
 */
import { FileServerError, type FileServer } from './file-ports.ts'
import type { NamedFile } from './upload-queue.ts'

/** What hosted Supabase asks for: every part but the last is of this size. */
const PART = 6 * 1024 * 1024
/** How often an upload may turn out to be gone or taken before that counts as a failure. */
const ROUNDS = 4
/** A sweep of the server is over by then. */
const SWEEP_PAUSE = 60_000

export interface Sending {
  readonly workspace: string
  readonly file: NamedFile
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly server: FileServer
  readonly signal: AbortSignal
  /** Where an earlier attempt began. */
  readonly address: string | null
  /** Durable before it resolves. */
  noteAddress(address: string | null): Promise<void>
  progress(sent: number): void
}

/** Resolves when the server has said that it has the file. */
export async function sendFile(sending: Sending): Promise<void> {
  let { address } = sending
  for (let round = 0; round < ROUNDS; round++) {
    try {
      if (address === null) {
        const size = await sizeOnServer(sending)
        if (size === sending.bytes.length) return
        address = await begin(sending, size !== null)
      }
      await sendParts(sending, address)
      if ((await sizeOnServer(sending)) === sending.bytes.length) return
    } catch (error) {
      if (!(error instanceof FileServerError)) throw error
      // Somebody else went on with it: the server says where it stands.
      if (error.reason === 'moved') continue
      if (error.reason !== 'taken' && error.reason !== 'gone') throw error
    }
    // Taken by another device meanwhile, expired, or swept: what is so now is asked for again.
    address = null
    await sending.noteAddress(null)
  }
  throw new FileServerError('rejected', 'The server takes the file and does not have it afterwards.')
}

async function begin(sending: Sending, replace: boolean): Promise<string> {
  const { workspace, file, bytes, server, signal } = sending
  const { sha256, type } = file
  const address = await server.begin({ workspace, sha256, bytes: bytes.length, type, replace }, signal)
  await sending.noteAddress(address)
  return address
}

async function sendParts({ bytes, server, signal, progress }: Sending, address: string): Promise<void> {
  let offset = await server.offset(address, signal)
  while (offset < bytes.length) {
    progress(offset)
    const from = offset
    const part = bytes.subarray(from, from + PART)
    offset = await server.append(address, from, part, signal, (sent) => progress(from + sent))
  }
  progress(bytes.length)
}

async function sizeOnServer({ workspace, file, server, signal }: Sending): Promise<number | null> {
  const size = (await server.sizes(workspace, [file.sha256], signal)).get(file.sha256) ?? null
  if (size === 'leaving') throw new FileServerError('busy', 'The server is sweeping this file.', SWEEP_PAUSE)
  return size
}
