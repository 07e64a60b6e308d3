/**
 * The update log over the RPCs `push` and `pull`, for one person: a call goes out under that person's token or not at
 * all, whoever else has signed in on this device meanwhile. [D6] Answers are looked at before they are believed.
 */
import type { SupabaseClient } from '@supabase/supabase-js'
import { fromBase64, toBase64 } from '../base64.ts'
import {
  LogServerError,
  type Cursor,
  type LoggedUpdate,
  type LogServer,
  type PulledDocument,
  type PushResult,
} from '../ports.ts'
import { pauseNamedTo } from './named-pause.ts'
import { tokenOf } from './session.ts'

type Client = Pick<SupabaseClient, 'rpc' | 'auth'>
// A page of a portal or proxy is no sentence for a log.
const MOST_WORDS = 200
const malformed = { error: 'malformed_answer' }

export function makeLogServer(client: Client, personId: string): LogServer {
  const call = makeCall(client, personId)
  return {
    async push(operations, signal) {
      const ops = operations.map((operation) => ({ ...operation, update: toBase64(operation.update) }))
      const { results } = await call('push', { ops }, signal)
      if (!Array.isArray(results)) throw notOurs('push')
      // Each result is matched by its op_id; what is not there counts as unanswered.
      return results.flatMap(readResult)
    },
    async pull(cursors, signal) {
      const { docs } = await call('pull', { cursors: Object.fromEntries(cursors) }, signal)
      if (!isObject(docs)) throw notOurs('pull')
      const asked = [...cursors]
      if (asked.length > 0 && !asked.some(([id]) => isObject(docs[id]))) throw notOurs('pull')
      // [C16] One answer that cannot be read keeps no other document from its own.
      return new Map(asked.map(([id, cursor]) => [id, readDocument(docs[id], cursor) ?? malformed]))
    },
  }
}

type Call = (
  name: string,
  parameters: Record<string, unknown>,
  signal: AbortSignal,
) => Promise<Record<string, unknown>>

function makeCall(client: Client, personId: string): Call {
  return async (name, parameters, signal) => {
    const token = await tokenOf(client, personId).catch(() => {
      throw new LogServerError('unreachable', `${name} was not called: the session could not be renewed now`)
    })
    if (token === null) {
      throw new LogServerError('unauthorised', `${name} was not called: this person is not signed in here`)
    }
    const { data, error, status } = await client
      .rpc(name, parameters)
      .setHeader('Authorization', `Bearer ${token}`)
      .abortSignal(signal)
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
    return [{ doc, op_id, status, seq, epoch, duplicate: result['duplicate'] === true }]
  }
  if (status !== 'refused' || typeof code !== 'string') return []
  const words = typeof message === 'string' ? message : code
  return [{ doc, op_id, status, code, message: words, ...(typeof epoch === 'string' ? { epoch } : {}) }]
}

function readDocument(answer: unknown, cursor: Cursor): PulledDocument | { error: string } | null {
  if (!isObject(answer)) return null
  if (typeof answer['error'] === 'string') return { error: answer['error'] }
  const { epoch, head, more } = answer
  const reset = answer['reset'] === true
  const snapshot = readSnapshot(answer['snapshot'] ?? null)
  const lines = Array.isArray(answer['updates']) ? answer['updates'].map(readUpdate) : [null]
  const updates = lines.filter((line) => line !== null)
  if (!isPlace(head) || snapshot === undefined || updates.length < lines.length) return null
  // A hole would be jumped over, and what stood there never asked for again.
  let last = snapshot?.seq ?? (reset ? 0 : cursor.seq)
  for (const [index, { seq }] of updates.entries()) {
    if (index === 0 ? seq > last + 1 : seq !== last + 1) return null
    last = seq
  }
  return {
    epoch: typeof epoch === 'string' ? epoch : null,
    head,
    reset,
    more: more === true,
    updates,
    ...(snapshot ? { snapshot } : {}),
  }
}

function readUpdate(line: unknown): LoggedUpdate | null {
  if (!isObject(line) || !isPlace(line['seq'])) return null
  const op = line['op_id']
  return { seq: line['seq'], op_id: typeof op === 'string' ? op : null, update: fromBase64(line['update']) }
}

/** Null where there is none, undefined where it cannot be read. */
function readSnapshot(snapshot: unknown): PulledDocument['snapshot'] | null {
  if (snapshot === null) return null
  const place = readUpdate(snapshot)
  if (place === null || !isObject(snapshot)) return undefined
  return { seq: place.seq, op_id: place.op_id, state: fromBase64(snapshot['state']) }
}

function isPlace(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
