/**
 * The update log over the RPCs `push` and `pull`, for one person: a call goes out under that person's token or not at
 * all, whoever else has signed in on this device meanwhile. [D6] Answers are looked at before they are believed.
 */
import type { SupabaseClient } from '@supabase/supabase-js'
import { fromBase64, toBase64 } from '../base64.ts'
import {
  LogServerError,
  type LoggedUpdate,
  type LogServer,
  type PulledDocument,
  type PushResult,
} from '../ports.ts'
import { tokenOf } from './session.ts'

type Client = Pick<SupabaseClient, 'rpc' | 'auth'>
// A page of a portal or proxy is no sentence for a log.
const MOST_WORDS = 200

export function makeLogServer(client: Client, personId: string): LogServer {
  const call = makeCall(client, personId)
  return {
    async push(operations, signal) {
      const ops = operations.map((operation) => ({ ...operation, update: toBase64(operation.update) }))
      const { results } = await call('push', { ops }, signal)
      if (!Array.isArray(results)) throw notOurs('push')
      // Each result is matched by its op_id; what is not there counts as unanswered.
      return results as PushResult[]
    },
    async pull(cursors, signal) {
      const { docs } = await call('pull', { cursors: Object.fromEntries(cursors) }, signal)
      if (!isObject(docs)) throw notOurs('pull')
      return new Map(Object.entries(docs).map(([id, answer]) => [id, readDocument(answer)]))
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
    if (error) throw failure(name, status, error)
    if (!isObject(data)) throw notOurs(name)
    return data
  }
}

function failure(
  name: string,
  status: number,
  { code, message }: { code?: string; message?: string },
): LogServerError {
  const words =
    `${name} failed with ${status || 'no answer'}${code ? ` ${code}` : ''}: ${message ?? ''}`.slice(
      0,
      MOST_WORDS,
    )
  // PGRST202: no function of that name and parameters, so this app and this server do not belong together.
  if (code === 'PGRST202') return new LogServerError('incompatible', words)
  if (status === 401 || status === 403) {
    // Without a code it is no word of the server: a portal, proxy or gateway stands between. [C7]
    return new LogServerError(code ? 'unauthorised' : 'busy', words)
  }
  // An SQLSTATE, such as the one of a call that took too long: the server is there, and failed at this very call.
  if (status === 500 && code) return new LogServerError('rejected', words)
  if (status === 429 || status >= 500) return new LogServerError('busy', words)
  if (status >= 400) return new LogServerError('rejected', words)
  return new LogServerError('unreachable', words)
}

/** A portal of a hotel answers everything with a page of its own; that is no answer. */
function notOurs(name: string): LogServerError {
  return new LogServerError('unreachable', `${name} was answered by something that is not this server`)
}

function readDocument(answer: unknown): PulledDocument | { error: string } {
  if (!isObject(answer)) throw notOurs('pull')
  if (typeof answer['error'] === 'string') return { error: answer['error'] }
  const { epoch, head, reset, more, updates, snapshot } = answer
  if (typeof head !== 'number' || !Array.isArray(updates)) throw notOurs('pull')
  return {
    epoch: typeof epoch === 'string' ? epoch : null,
    head,
    reset: reset === true,
    more: more === true,
    updates: updates.map(readUpdate),
    ...(isObject(snapshot) ? { snapshot: readSnapshot(snapshot) } : {}),
  }
}

function readUpdate(line: unknown): LoggedUpdate {
  if (!isObject(line) || typeof line['seq'] !== 'number') throw notOurs('pull')
  const op = line['op_id']
  return { seq: line['seq'], op_id: typeof op === 'string' ? op : null, update: fromBase64(line['update']) }
}

function readSnapshot(snapshot: Record<string, unknown>): NonNullable<PulledDocument['snapshot']> {
  const { seq, op_id } = readUpdate(snapshot)
  return { seq, op_id, state: fromBase64(snapshot['state']) }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
