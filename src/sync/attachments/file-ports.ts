/** What attachments need from outside, beside the engine's clock, chance, locks and connectivity. */
import type { Observable } from '../observable.ts'
import type { SyncPorts } from '../ports.ts'

/** How far a file is in one workspace. */
export interface FilePlace {
  /** Documents that name it, or did: opened at the next start until the file is sent. */
  readonly docs: readonly string[]
  /** When the server last said that it has the file; null while that is not known. */
  readonly confirmedAt: number | null
  /** Where an upload that was begun goes on. */
  readonly upload: string | null
}

/** A file on this device. */
export interface HeldFile {
  readonly sha256: string
  readonly bytes: number
  readonly usedAt: number
  readonly places: Readonly<Record<string, FilePlace>>
}

/** What the record says and what is news: every document that named the file stays named. */
export function allPlaces(before: HeldFile['places'] = {}, news: HeldFile['places']): HeldFile['places'] {
  const places = { ...before }
  for (const [workspace, place] of Object.entries(news)) {
    const docs = [...new Set([...(before[workspace]?.docs ?? []), ...place.docs])]
    places[workspace] = { ...place, docs }
  }
  return places
}

/** The files of one person on this device, by hash. Every call rejects with `StorageError` and with nothing else. */
export interface FileStore {
  list(): Promise<readonly HeldFile[]>
  read(sha256: string): Promise<Uint8Array<ArrayBuffer> | null>
  /**
   * Bytes and record in one transaction; resolves when it is durable. Bytes that are there are not written again, and
   * places are `allPlaces` of what is there and this.
   */
  put(file: HeldFile, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Changes the record in one transaction; a file that is not there stays away. Answers the new record. */
  change(sha256: string, change: (file: HeldFile) => HeldFile): Promise<HeldFile | null>
  remove(files: readonly string[]): Promise<void>
  close(): void
}

export class FileServerError extends Error {
  /**
   * `unreachable`, `busy` and `unauthorised` pass and concern every file. `taken`: another file has the name. `moved`:
   * the upload stands elsewhere than thought. `gone`: no such upload or file. The others are said of this one file.
   */
  readonly reason:
    | 'unreachable'
    | 'busy'
    | 'unauthorised'
    | 'taken'
    | 'moved'
    | 'gone'
    | 'refused'
    | 'too-large'
    | 'rejected'
  readonly retryAfter: number | null

  constructor(reason: FileServerError['reason'], message: string, retryAfter: number | null = null) {
    super(message)
    this.name = 'FileServerError'
    this.reason = reason
    this.retryAfter = retryAfter
  }
}

interface NewUpload {
  readonly workspace: string
  readonly sha256: string
  readonly bytes: number
  readonly type: string
  /** Take the place of a file that is there under the name and is another. */
  readonly replace: boolean
}

/** The bucket of attachments. Every call rejects with `FileServerError` and with nothing else. */
export interface FileServer {
  /**
   * Sizes of those that the server has; `leaving` for one that is being swept at this moment. Asking is also a claim: a
   * file that was asked for is not swept for the length of the grace.
   */
  sizes(
    workspace: string,
    files: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, number | 'leaving'>>
  /** Begins an upload that can be resumed; answers its address, which is good for a day. */
  begin(upload: NewUpload, signal: AbortSignal): Promise<string>
  /** How far it is, by the server's word. */
  offset(address: string, signal: AbortSignal): Promise<number>
  /** Adds bytes at an offset; answers the new offset. The last byte makes the file. */
  append(
    address: string,
    offset: number,
    bytes: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
    progress: (sent: number) => void,
  ): Promise<number>
  download(workspace: string, sha256: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>
}

/** How a person wants files sent from this device. */
export interface UploadPolicy {
  readonly paused: boolean
  readonly wifiOnly: boolean
}

/** What goes from tab to tab about files: news of the device's store, and how far the one that sends is. */
export type FileNews =
  | { readonly kind: 'held'; readonly sha256: string }
  | { readonly kind: 'sending'; readonly sha256: string; readonly sent: number | null }
  | { readonly kind: 'failed'; readonly sha256: string; readonly code: string | null }
  | { readonly kind: 'retry'; readonly sha256: string }

export interface FileBus {
  post(news: FileNews): void
  subscribe(listener: (news: FileNews) => void): () => void
}

export interface FilePorts extends Pick<SyncPorts, 'clock' | 'random' | 'locks' | 'connectivity'> {
  readonly store: FileStore
  readonly server: FileServer
  readonly bus: FileBus
  readonly policy: Observable<UploadPolicy>
  /** The device says that its network costs by the byte. Null where it says nothing. */
  readonly metered: Observable<boolean | null>
  sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string>
}
