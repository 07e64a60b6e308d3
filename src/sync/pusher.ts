/**
 * Writes to the log: what is unsent of all documents in as few calls as fit. [S10] One push at a time; an edit made
 * while none is under way goes at the end of its tick, the edits of a burst wait for each other, and an operation whose
 * answer was lost goes again under its own id before anything newer of its document.
 */
import { inTime } from './in-time.ts'
import { START } from './log-position.ts'
import { LogServerError, type Cursor, type PushOperation, type PushResult, type SyncPorts } from './ports.ts'
import { makePushPace } from './push-pace.ts'
import type { SyncedDocument } from './document-contract.ts'

const TIMEOUT = 30_000
const CALL_BYTES = 700_000
const MOST_OPERATIONS = 200
const MOST_CLIENTS = 64

const READ_ONLY = new Set(['read_only', 'not_a_member'])

export interface PusherWork {
  readonly workspaceId: string
  documents(): Iterable<SyncedDocument>
  /** The server can be asked at this moment. */
  isUp(): boolean
  failed(error: unknown): void
  /** Others wrote between: what they wrote is to be pulled. */
  behind(document: SyncedDocument): void
  /** It holds what the log lacks, which this person did not write and may not push. */
  surplus(document: SyncedDocument): void
  /** The log of a document has begun with what we pushed: till now the server knew no such document. */
  begun(): void
  changed(): void
}

export interface Pusher {
  readonly busy: boolean
  /** Something was edited. */
  notice(): void
  /** Pushes until nothing is unsent. */
  push(): Promise<void>
  stop(): void
}

export function makePusher({ clock, server }: Pick<SyncPorts, 'clock' | 'server'>, work: PusherWork): Pusher {
  let running: Promise<void> | null = null
  let cancelWindow: (() => void) | null = null
  const pace = makePushPace(clock)
  // Edited since the last operations were collected; nobody else would push that.
  let edited = false
  let leftOver = false
  // Somebody waits for all of it: a page that is being left, an exchange.
  let urgent = false
  let stopped = false
  // What stands before a server may take less than the server does: learned from its no.
  let callBytes = CALL_BYTES

  const collect = (documents: Iterable<SyncedDocument>): Map<PushOperation, SyncedDocument> => {
    const operations = new Map<PushOperation, SyncedDocument>()
    edited = false
    leftOver = false
    if (stopped) return operations
    let bytes = 0
    for (const document of documents) {
      if (!document.comparable) continue
      const { position, unsent, pending } = document
      const client_ids = [...new Set([document.doc.clientID, ...pending.clients()])].slice(0, MOST_CLIENTS)
      for (const { op_id, update } of unsent.take()) {
        if (operations.size >= MOST_OPERATIONS || (bytes > 0 && bytes + update.byteLength > callBytes)) {
          leftOver = true
          break
        }
        bytes += update.byteLength
        const anchor = position.anchor.seq > 0 ? position.anchor : null
        operations.set(
          { doc: document.id, op_id, update, client_ids, workspace: work.workspaceId, anchor },
          document,
        )
      }
    }
    return operations
  }

  /** Gives the place of the document after this result, which the next operation of the call stands on. */
  const settle = (document: SyncedDocument, result: PushResult, after: Cursor): Cursor => {
    const { unsent, writer, position } = document
    if (!unsent.isOutgoing(result.op_id)) return after
    writer.touch()
    if (result.status === 'accepted') {
      const before = result.after === undefined ? after : { seq: result.seq - 1, op_id: result.after }
      document.accepted(result, before, result.epoch)
      if (position.cursor.seq < result.seq) work.behind(document)
      if (result.seq === 1) work.begun()
      return result
    }
    if (result.code === 'anchor_lost') {
      document.restart(result.epoch ?? null)
      work.behind(document)
    } else if (unsent.refused({ code: result.code, message: result.message }) && READ_ONLY.has(result.code)) {
      work.surplus(document)
    }
    return after
  }

  /** Null when it was too large for what stands before the server. */
  const call = (operations: readonly PushOperation[]): Promise<readonly PushResult[] | null> =>
    inTime(clock, TIMEOUT, (signal) => server.push(operations, signal)).catch((error: unknown) => {
      if (error instanceof LogServerError && error.reason === 'too-large') return null
      throw error
    })

  /** [C15] Half as much the next time, down to one operation alone: then it is that one, and it is named. */
  const makeSmaller = (
    operations: readonly PushOperation[],
    sent: ReadonlyMap<PushOperation, SyncedDocument>,
  ) => {
    const [first] = operations
    const bytes = operations.reduce((sum, { update }) => sum + update.byteLength, 0)
    callBytes = Math.floor(Math.min(callBytes, bytes) / 2)
    if (first && operations.length === 1)
      sent.get(first)?.unsent.refused({
        code: 'too_large',
        message: `${bytes} bytes of ${first.doc} are more than the way to the server takes at once.`,
      })
    for (const document of sent.values()) document.unsent.unanswered()
  }

  /** Until nothing of these is unsent. */
  const send = async (documents: () => Iterable<SyncedDocument>) => {
    for (let sent = collect(documents()); sent.size > 0; sent = collect(documents())) {
      work.changed()
      const operations = [...sent.keys()]
      const results = await call(operations)
      // Another tab leads by now: it finds in the log what this call brought there.
      if (stopped) return
      if (results === null) {
        makeSmaller(operations, sent)
        continue
      }
      const answered = new Map(results.map((result) => [result.op_id, result]))
      const places = new Map<SyncedDocument, Cursor>()
      for (const [operation, document] of sent) {
        const result = answered.get(operation.op_id)
        if (!result) throw new LogServerError('unreachable', `no result for operation ${operation.op_id}`)
        const after = places.get(document) ?? operation.anchor ?? START
        places.set(document, settle(document, result, after))
      }
      pace.ended()
      work.changed()
      if (edited && !leftOver && !urgent && pace.pause() > 0) return
    }
  }

  /** A call that the server failed at says not which document it failed at: the others must not wait for that one. */
  const sendOneByOne = async () => {
    let failure: unknown
    for (const document of work.documents()) {
      await send(() => [document]).catch((error: unknown) => {
        if (!isRejected(error)) throw error
        failure = error
      })
    }
    if (failure) throw failure
    // What was edited in a document that had its turn already.
    edited = true
  }

  const run = async () => {
    // Never ends before its promise is known as the running one.
    await Promise.resolve()
    try {
      await send(() => work.documents()).catch((error: unknown) => {
        if (!isRejected(error)) throw error
        return sendOneByOne()
      })
    } catch (error) {
      if (!stopped) for (const document of work.documents()) document.unsent.unanswered()
      throw error
    } finally {
      running = null
      urgent = false
      work.changed()
    }
    // Also what was edited in the very moment in which it ended.
    if (edited) start()
  }

  const push = () => {
    cancelWindow?.()
    cancelWindow = null
    running ??= run()
    return running
  }

  const start = () => {
    if (stopped || running || cancelWindow || !work.isUp()) return
    cancelWindow = clock.after(pace.pause(), () => {
      cancelWindow = null
      if (work.isUp()) push().catch(work.failed)
    })
  }

  return {
    get busy() {
      return running !== null
    },
    notice() {
      edited = true
      pace.edited()
      start()
    },
    push() {
      urgent = true
      return push()
    },
    stop() {
      stopped = true
      cancelWindow?.()
    },
  }
}

function isRejected(error: unknown): boolean {
  return error instanceof LogServerError && error.reason === 'rejected'
}
