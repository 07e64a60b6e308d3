/**
 * What is not yet on the server, told honestly. A change is `memory` until the device's storage has completed the
 * transaction that holds it, then `device`, `sending` while a push that carries it is under way, and gone from the
 * list once the server has acknowledged it.
 */
export interface PendingChange {
  readonly id: string
  readonly doc: string
  readonly collection: string
  readonly entity: string
  readonly fields: readonly string[]
  readonly at: number
  readonly state: 'memory' | 'device' | 'sending' | 'refused'
  readonly refusal?: { readonly code: string; readonly message: string } | undefined
  /** A file and not a fact: how much of it the server has so far, null while it is not being sent. */
  readonly file?: { readonly name: string; readonly bytes: number; readonly sent: number | null }
  /** Kept back by the person's own wish. [F8] */
  readonly held?: 'paused' | 'wifi'
}

/** Whether calls to the server go out. While they are paused, the copy on this device is what there is. [B6] */
export type CallsState =
  | { readonly kind: 'normal' }
  | { readonly kind: 'paused'; readonly until: number }
  /** One call is out to see whether the server is back. */
  | { readonly kind: 'trying' }

export interface SyncProblem {
  readonly code: string
  readonly message: string
}

export interface SyncState {
  /** Oldest first. */
  readonly pending: readonly PendingChange[]
  readonly sending: boolean
  readonly lastSyncedAt: number | null
  readonly storage: 'ok' | 'memory-only' | 'full'
  readonly problem: SyncProblem | null
  readonly calls: CallsState
}
