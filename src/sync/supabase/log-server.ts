/**
 * The update log over the RPCs `push` and `pull`, for one person: a call goes out under that person's token or not at
 * all, whoever else has signed in on this device meanwhile. [D6] Answers are looked at before they are believed.
 */
import type { SupabaseClient } from '@supabase/supabase-js'
import { fromBase64, toBase64 } from '../base64.ts'
import {
  LogServerError,
  type Cursor,
  type LogServer,
  type PulledDocument,
  type PushResult,
} from '../ports.ts'
import { pauseNamedTo } from './named-pause.ts'
import { makeSnapshotSlices, readLines, type SnapshotSlices } from './packed-page.ts'
import { tokenOf } from './session.ts'

type Client = Pick<SupabaseClient, 'rpc' | 'auth'>
// A page of a portal or proxy is no sentence for a log.
const MOST_WORDS = 200
const malformed = { error: 'malformed_answer' }

/** One call under this token, as supabase-js answers it. */
export type Rpc = (
  name: string,
  parameters: Record<string, unknown>,
  token: string,
  signal: AbortSignal,
) => PromiseLike<{
  readonly data: unknown
  readonly error: { readonly code?: string; readonly message?: string } | null
  readonly status: number
}>

export function makeLogServer(client: Client, personId: string): LogServer {
  return makeLogOver(
    (name, parameters, token, signal) =>
      client.rpc(name, parameters).setHeader('Authorization', `Bearer ${token}`).abortSignal(signal),
    () => tokenOf(client, personId),
  )
}

/** `tokenNow` gives this person's token, or null when the device holds none of theirs. */
export function makeLogOver(rpc: Rpc, tokenNow: () => Promise<string | null>): LogServer {
  const call = makeCall(rpc, tokenNow)
  const slices = makeSnapshotSlices()
  return {
    async push(operations, signal) {
      const ops = operations.map((operation) => ({ ...operation, update: toBase64(operation.update) }))
      const { results } = await call('push', { ops }, signal)
      if (!Array.isArray(results)) throw notOurs('push')
      // Each result is matched by its op_id; what is not there counts as unanswered.
      return results.flatMap(readResult)
    },
    async pull(cursors, signal) {
      const asked = [...cursors]
      const wanted = asked.map(([id, cursor]) => {
        const snapshot = slices.held(id)
        return [id, snapshot ? { ...cursor, snapshot } : cursor] as const
      })
      const { docs } = await call('pull', { cursors: Object.fromEntries(wanted), packed: true }, signal)
      if (!isObject(docs)) throw notOurs('pull')
      if (asked.length > 0 && !asked.some(([id]) => isObject(docs[id]))) throw notOurs('pull')
      // [C16] One answer that cannot be read keeps no other document from its own.
      return new Map(
        asked.map(([id, cursor]) => [id, readDocument(id, docs[id], cursor, slices) ?? malformed]),
      )
    },
  }
}

type Call = (
  name: string,
  parameters: Record<string, unknown>,
  signal: AbortSignal,
) => Promise<Record<string, unknown>>

function makeCall(rpc: Rpc, tokenNow: () => Promise<string | null>): Call {
  return async (name, parameters, signal) => {
    const token = await tokenNow().catch(() => {
      throw new LogServerError('unreachable', `${name} was not called: the session could not be renewed now`)
    })
    if (token === null) {
      throw new LogServerError('unauthorised', `${name} was not called: this person is not signed in here`)
    }
    const { data, error, status } = await rpc(name, parameters, token, signal)
    if (error) throw failure(name, status, error, pauseNamedTo(signal))
    if (!isObject(data)) throw notOurs(name)
    return data
  }
}

/** [C14] What a status and a code mean. A no without a code of ours is the word of something in between. */
function reasonOf(status: number, code: string, message: string): LogServerError['reason'] {
  // PGRST202: no function of that name and parameters, so this app and this server do not belong together.
  if (code === 'PGRST202') return 'incompatible'
  if (status === 413) return 'too-large'
  if (status === 0 || status < 400) return 'unreachable'
  // A portal, proxy or gateway stands between. [C7]
  if (!code || status === 408 || status === 429) return 'busy'
  if (status === 401 || status === 403) {
    // The clocks of the server's own parts differ: signing in again would give the same token. [C13]
    return /issued at future|not yet valid/i.test(message) ? 'busy' : 'unauthorised'
  }
  // An SQLSTATE, such as the one of a call that took too long: the server is there, and failed at this very call.
  return status > 500 ? 'busy' : 'rejected'
}

function failure(
  name: string,
  status: number,
  { code = '', message = '' }: { code?: string; message?: string },
  pause: number | null,
): LogServerError {
  const answered = `${status || 'no answer'}${code ? ` ${code}` : ''}`
  const words = `${name} failed with ${answered}: ${message}`.slice(0, MOST_WORDS)
  return new LogServerError(reasonOf(status, code, message), words, pause, answered)
}

/** A portal of a hotel answers everything with a page of its own; that is no answer. */
function notOurs(name: string): LogServerError {
  const words = `${name} was answered by something that is not this server`
  return new LogServerError('unreachable', words, null, 'not ours')
}

function readResult(result: unknown): PushResult[] {
  if (!isObject(result)) return []
  const { doc, op_id, status, seq, epoch, code, message } = result
  if (typeof doc !== 'string' || typeof op_id !== 'string') return []
  if (status === 'accepted' && isPlace(seq) && typeof epoch === 'string') {
    const { after } = result
    return [
      {
        doc,
        op_id,
        status,
        seq,
        epoch,
        duplicate: result['duplicate'] === true,
        ...(typeof after === 'string' || (after === null && seq === 1) ? { after } : {}),
      },
    ]
  }
  if (status !== 'refused' || typeof code !== 'string') return []
  const words = typeof message === 'string' ? message : code
  return [{ doc, op_id, status, code, message: words, ...(typeof epoch === 'string' ? { epoch } : {}) }]
}

function readDocument(
  id: string,
  answer: unknown,
  cursor: Cursor,
  slices: SnapshotSlices,
): PulledDocument | { error: string } | null {
  if (!isObject(answer)) return null
  if (typeof answer['error'] === 'string') return { error: answer['error'] }
  const { epoch, head, first, lines } = answer
  const reset = answer['reset'] === true
  const snapshot = readSnapshot(id, answer['snapshot'] ?? null, slices)
  const updates = isPlace(first) && typeof lines === 'string' ? readLines(first, lines) : null
  if (!isPlace(head) || snapshot === undefined || updates === null) return null
  const whole = snapshot === 'arriving' ? null : snapshot
  // A hole would be jumped over, and what stood there never asked for again.
  if (updates.length > 0 && Number(first) > (whole?.seq ?? (reset ? 0 : cursor.seq)) + 1) return null
  return {
    epoch: typeof epoch === 'string' ? epoch : null,
    head,
    reset,
    more: answer['more'] === true,
    updates,
    ...(whole && { snapshot: whole }),
    ...(snapshot === 'arriving' && { arriving: true }),
  }
}

/** Null where there is none, undefined where it cannot be read. */
function readSnapshot(id: string, snapshot: unknown, slices: SnapshotSlices) {
  if (snapshot === null) return null
  if (!isObject(snapshot)) return undefined
  const { seq, op_id, size, from } = snapshot
  const bytes = fromBase64(snapshot['state'])
  if (!isPlace(seq) || !isPlace(size) || !isPlace(from) || bytes === null) return undefined
  const op = typeof op_id === 'string' ? op_id : null
  return slices.add(id, { seq, op_id: op, size, from, bytes }) ?? 'arriving'
}

function isPlace(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
