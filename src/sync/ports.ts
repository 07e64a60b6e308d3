/**
 * Everything the engine needs from outside, one narrow interface each. `browser/` and `supabase/` implement them
 * for real, `testing/` in memory on a virtual clock; the engine knows neither.
 */
import type { RandomBytes } from '../domain/ids.ts'
import type { ConnectionLogLine, LogEntry } from './connection-log-line.ts'
import type { Meetings } from './meetings-port.ts'
import type { DocumentStorage } from './storage-port.ts'
import type { TabMessage } from './tab-messages.ts'

export type { TabMessage }
export * from './storage-port.ts'

export interface Clock {
  now(): number
  /** Runs once after so many milliseconds; the answer takes it back. */
  after(milliseconds: number, run: () => void): () => void
}

export interface Random {
  readonly bytes: RandomBytes
  /** In [0, 1). */
  fraction(): number
}

/** The last place in a document's log that is known: a sequence number and the operation that has it. */
export interface Cursor {
  readonly seq: number
  readonly op_id: string | null
}

export interface PushOperation {
  readonly doc: string
  readonly op_id: string
  readonly update: Uint8Array
  /** Yjs client ids under which this person wrote what the update holds. */
  readonly client_ids: readonly number[]
  /** Where a document that does not exist yet belongs, when its id does not say it. */
  readonly workspace: string
  readonly anchor: Cursor | null
}

export type PushResult =
  | {
      readonly doc: string
      readonly op_id: string
      readonly status: 'accepted'
      readonly seq: number
      readonly epoch: string
      readonly duplicate: boolean
      /** The operation before it in the log, null for the first; left out where the server does not say it. */
      readonly after?: string | null
    }
  | {
      readonly doc: string
      readonly op_id: string
      readonly status: 'refused'
      readonly code: string
      readonly message: string
      readonly epoch?: string
    }

export interface LoggedUpdate {
  readonly seq: number
  /** Null where a snapshot stands for operations that it does not name. */
  readonly op_id: string | null
  /** Null when what came was not even base64; set aside like any malformed update. */
  readonly update: Uint8Array | null
}

export interface PulledDocument {
  readonly epoch: string | null
  readonly head: number
  readonly reset: boolean
  readonly snapshot?: {
    readonly seq: number
    readonly op_id: string | null
    readonly state: Uint8Array | null
  }
  readonly updates: readonly LoggedUpdate[]
  readonly more: boolean
  /** A piece of a large snapshot came, which is given once it is whole. */
  readonly arriving?: boolean
}

type PullAnswer = ReadonlyMap<string, PulledDocument | { readonly error: string }>

/** The update log in Postgres. Both calls reject with `LogServerError` and with nothing else. */
export interface LogServer {
  push(operations: readonly PushOperation[], signal: AbortSignal): Promise<readonly PushResult[]>
  pull(cursors: ReadonlyMap<string, Cursor>, signal: AbortSignal): Promise<PullAnswer>
}

/** A call to the log that got no answer to use. Only `unauthorised` and `incompatible` are not simply tried again. */
export class LogServerError extends Error {
  /** `too-large` is what stands before the server refusing the size of the call, whatever it held. */
  readonly reason: 'unreachable' | 'busy' | 'unauthorised' | 'incompatible' | 'too-large' | 'rejected'
  /** The pause that the server named, in milliseconds. */
  readonly retryAfter: number | null
  /** What was answered, as status and code, for a log that holds nobody's sentences. */
  readonly answered: string | null

  constructor(
    reason: LogServerError['reason'],
    message: string,
    retryAfter: number | null = null,
    answered: string | null = null,
  ) {
    super(message)
    this.name = 'LogServerError'
    this.reason = reason
    this.retryAfter = retryAfter
    this.answered = answered
  }
}

/** What the database tells on a document's topic. `update` is left out when it is too large to be told. */
export interface UpdateHint {
  readonly doc: string
  readonly seq: number
  readonly op_id: string
  /** The operation before it in the log; null for the first. Proof that the place before is the one that we know. */
  readonly after: string | null
  readonly update?: Uint8Array | null
}

export interface LiveListener {
  joined(): void
  /** The topic is gone: socket closed, heartbeat missed, join timed out or refused. It does not come back by itself. */
  dropped(reason: string, refused?: boolean): void
  hint(hint: UpdateHint): void
}

/** The websocket. It never retries by itself: when and how often is the engine's decision. */
export interface LiveChannel {
  /** Joins a topic; the answer leaves it, after which the listener hears nothing more. */
  join(topic: string, listener: LiveListener): () => void
}

export interface Session {
  /** Sees to a usable access token, renewing it when it is due, or in any case when `force` is set. */
  renew(force: boolean): Promise<'ready' | 'signed-out' | 'unreachable'>
  /** Hears of every sign-in and sign-out, also those made elsewhere. */
  subscribe(listener: (signedIn: boolean) => void): () => void
}

export type ConnectivityEvent = 'online' | 'offline' | 'visible' | 'hidden' | 'frozen' | 'returned'

export interface Connectivity {
  online(): boolean
  /** A person looks at this page. Always false in a worker. */
  visible(): boolean
  /**
   * `hidden` comes with visibilitychange, pagehide and freeze: the last moment in which work surely runs. After
   * `frozen` no line of ours runs until `returned`, if ever, and what was said meanwhile may never be heard.
   */
  subscribe(listener: (event: ConnectivityEvent) => void): () => void
}

/** The person's other tabs of this workspace on this device; a tab does not hear itself. */
export interface TabBus {
  post(message: TabMessage): void
  subscribe(listener: (message: TabMessage) => void): () => void
}

/** One holder at a time of a name, over all tabs and workers of this person; freed when its holder dies. */
export interface Locks {
  /**
   * Waits for its turn and runs `held`; the lock is free again when that promise settles. With `steal` it does not
   * wait: the former holder's `lost` aborts. Gives up waiting when `signal` aborts. Resolves when all is over.
   */
  hold(
    name: string,
    options: { readonly signal: AbortSignal; readonly steal?: boolean },
    held: (lost: AbortSignal) => Promise<void>,
  ): Promise<void>
  /** Runs `held` only when the lock is free at this moment, and answers whether it was. */
  holdIfFree(name: string, held: (lost: AbortSignal) => Promise<void>): Promise<boolean>
}

/** Where the connection log is kept across reloads: its newest lines, of all tabs. Both calls may reject. */
export interface LogBook {
  /** Oldest first. */
  read(): Promise<readonly ConnectionLogLine[]>
  append(lines: readonly ConnectionLogLine[]): Promise<void>
}

/** Gets ids and codes, never what people wrote. */
type Logger = (entry: LogEntry) => void

export interface SyncPorts {
  readonly clock: Clock
  readonly random: Random
  readonly server: LogServer
  readonly live: LiveChannel
  /** Absent where nobody is present, as in a worker. */
  readonly meetings?: Meetings | undefined
  readonly session: Session
  readonly connectivity: Connectivity
  readonly storage: DocumentStorage
  readonly tabs: TabBus
  /** Null where Web Locks or BroadcastChannel are missing: then each tab works alone. */
  readonly locks: Locks | null
  readonly book: LogBook
  /** Hears each line of the connection log, for a console or a test. */
  readonly log: Logger
}
