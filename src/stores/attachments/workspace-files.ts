/** The files of a workspace as signals. Their engine is loaded after the first paint; what is asked of it waits. */
import { createSignal, onCleanup, type Accessor } from 'solid-js'
import type { PictureSize } from '../../domain/attachments/picture-size.ts'
import type { FileState, FoundBytes, UnsentFile } from '../../sync/attachments/file-state.ts'
import type { Files } from '../../sync/attachments/files.ts'

/** A file as it is to be kept: made smaller when it is a picture and that was wished. */
export interface PreparedFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly mime: string
  /** Of a picture, upright. */
  readonly width: number | null
  readonly height: number | null
}

export interface WorkspaceFiles {
  readonly unsent: Accessor<readonly UnsentFile[]>
  stateOf(sha256: string): FileState
  prepare(file: File, size: PictureSize): Promise<PreparedFile>
  /** Resolves with the hash when the bytes are as durable as this device can make them. */
  keep(documentId: string, bytes: PreparedFile['bytes']): Promise<string>
  find(documentId: string, sha256: string): Promise<FoundBytes>
  /** Sends what this document names, while the calling owner lives. */
  follow(documentId: string): void
  retry(sha256: string): void
}

export type { FileState, FoundBytes, UnsentFile }

export interface FilesPort {
  /** Resolves once, when the engine of files is there. */
  load(): Promise<Files>
  prepare: WorkspaceFiles['prepare']
}

/** To be called under a reactive owner, which ends it. */
export function createWorkspaceFiles({ load, prepare }: FilesPort): WorkspaceFiles {
  const [unsent, setUnsent] = createSignal<readonly UnsentFile[]>([])
  const [changes, setChanges] = createSignal(0)
  let loaded: Files | undefined
  let alive = true
  const ends: (() => void)[] = []

  const begin = async () => {
    const files = await load()
    if (!alive) return files
    loaded = files
    ends.push(
      files.onChange(() => {
        setUnsent(() => files.unsent.get())
        setChanges((count) => count + 1)
      }),
    )
    return files
  }
  const files = begin()
  // Whoever asks hears of it; that nobody asked is no error.
  files.catch(() => undefined)
  onCleanup(() => {
    alive = false
    for (const end of ends) end()
  })

  return {
    unsent,
    stateOf(sha256) {
      changes()
      return loaded?.stateOf(sha256) ?? { kind: 'away' }
    },
    prepare,
    keep: async (documentId, bytes) => (await files).keep(documentId, bytes),
    find: async (documentId, sha256) =>
      files.then(
        (made) => made.find(documentId, sha256),
        () => ({ kind: 'unreachable' }),
      ),
    follow(documentId) {
      let end: (() => void) | null = null
      let wanted = true
      const follow = async () => {
        const made = await files
        if (wanted) end = made.follow(documentId)
      }
      follow().catch(() => undefined)
      onCleanup(() => {
        wanted = false
        end?.()
      })
    },
    retry: (sha256) => loaded?.retry(sha256),
  }
}
