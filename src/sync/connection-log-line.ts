/** One line of the connection log: codes and ids, which the views put into words. Never a sentence of anybody. */
export interface ConnectionLogLine {
  readonly at: number
  readonly code: LogCode
  readonly doc?: string
  readonly topic?: string
  /** Why, as a code: of the engine, of the server, of the browser. */
  readonly reason?: string
  /** What the server said, as status and code. */
  readonly answered?: string
  readonly count?: number
  readonly milliseconds?: number
}

export type LogEntry = Omit<ConnectionLogLine, 'at'>

/** The connection turned into this, for this reason. */
type TurnCode = 'starting' | 'live' | 'polling' | 'offline' | 'signed-out' | 'refused' | 'incompatible'

export type LogCode =
  | TurnCode
  | 'joined'
  | 'dropped'
  | 'push-failed'
  | 'pull-failed'
  | 'calls-paused'
  | 'calls-resumed'
  | 'change-refused'
  | 'document-not-given'
  | 'update-set-aside'
  /** What another device told directly is not what the log holds. */
  | 'told-otherwise'
  | 'unsent-lost'
  | 'corrupt-record'
  | 'storage-full'
  | 'storage-lost'
  | 'storage-back'
  | 'tab-leads'
  | 'tab-follows'
  | 'failed'
