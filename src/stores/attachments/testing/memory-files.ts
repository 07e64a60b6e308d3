/** Files of a workspace in memory, whose states a test sets by hand. */
import { createSignal } from 'solid-js'
import type { FileState, UnsentFile, WorkspaceFiles } from '../workspace-files.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface MemoryWorkspaceFiles extends WorkspaceFiles {
  readonly kept: Map<string, Bytes>
  readonly retried: string[]
  setUnsent(files: readonly UnsentFile[]): void
  setState(sha256: string, state: FileState): void
}

export function makeMemoryWorkspaceFiles(): MemoryWorkspaceFiles {
  const [unsent, setUnsent] = createSignal<readonly UnsentFile[]>([])
  const [states, setStates] = createSignal<ReadonlyMap<string, FileState>>(new Map())
  const kept = new Map<string, Bytes>()
  const retried: string[] = []
  return {
    kept,
    retried,
    unsent,
    setUnsent: (next) => void setUnsent(next),
    setState: (sha256, state) => void setStates((before) => new Map(before).set(sha256, state)),
    stateOf: (sha256) => states().get(sha256) ?? { kind: kept.has(sha256) ? 'safe' : 'away' },
    async prepare(file) {
      if (file.name.startsWith('unreadable')) throw new Error('it cannot be read')
      const isPicture = file.type.startsWith('image/')
      return {
        bytes: await readBytes(file),
        mime: file.type,
        width: isPicture ? 40 : null,
        height: isPicture ? 30 : null,
      }
    },
    async keep(_documentId, bytes) {
      const sha256 = Array.from(bytes.slice(0, 32), (byte) => byte.toString(16).padStart(2, '0'))
        .join('')
        .padEnd(64, '0')
      kept.set(sha256, bytes)
      return sha256
    },
    async find(_documentId, sha256) {
      const bytes = kept.get(sha256)
      return bytes ? { kind: 'found', bytes } : { kind: 'nowhere' }
    },
    follow() {},
    retry: (sha256) => void retried.push(sha256),
  }
}

/** jsdom's files have no other way. */
function readBytes(file: File): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    // It is read as an ArrayBuffer.
    reader.addEventListener('load', () => resolve(new Uint8Array(reader.result as ArrayBuffer)))
    reader.addEventListener('error', () => reject(reader.error ?? new Error('it cannot be read')))
    reader.readAsArrayBuffer(file)
  })
}
