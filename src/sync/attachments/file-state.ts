/**
 * What a screen may say of a file, and never more than is known. `waiting` and `sending`: the bytes are here and not
 * surely on the server. `safe`: the server said that it has them. `away`: not here, to be fetched when looked at.
 */
export type FileState =
  | { readonly kind: 'waiting'; readonly why: WaitReason; readonly inMemory: boolean }
  | { readonly kind: 'sending'; readonly sent: number; readonly inMemory: boolean }
  | { readonly kind: 'failed'; readonly code: string; readonly inMemory: boolean }
  | { readonly kind: 'safe' }
  | { readonly kind: 'away' }

/** In the order in which they are told when several hold. */
export type WaitReason = 'network' | 'paused' | 'wifi' | 'facts' | 'turn'

/** A file named by a document that is not surely on the server. */
export interface UnsentFile {
  readonly sha256: string
  readonly doc: string
  /** Of the oldest attachment that names it. */
  readonly entity: string
  readonly name: string
  readonly bytes: number
  readonly at: number
  readonly state: Exclude<FileState, { kind: 'safe' | 'away' }>
}

/** Bytes that were asked for, or why there are none. */
export type FoundBytes =
  | { readonly kind: 'found'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Neither here nor on the server: on the device that added it, or lost. */
  | { readonly kind: 'nowhere' }
  /** What the server has under this name are other bytes. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unreachable' }
