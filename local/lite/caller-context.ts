import { callerSettings } from '../as-caller.ts'
import type { Caller } from '../caller.ts'

// Replaces lite's own preparation of a transaction: it looked once for row security and, where it
// found none yet, ran everybody as the owner. Every request runs here as its caller.

interface RawQuery {
  sql: string
  parameters: unknown[]
  query: { kind: 'RawNode'; sqlFragments: string[]; parameters: unknown[] }
  queryId: { queryId: string }
}

interface Executor {
  executeQuery(query: RawQuery): Promise<unknown>
}

interface RequestOptions {
  rpc?: { method: string; path: string; readOnly: boolean; requestHeaders?: Record<string, string> }
}

/** The part of lite's connection that is fenced here. lite keeps it private in its types. */
export interface ContextRunner {
  kysely: { transaction(): { execute<T>(work: (tx: Executor) => Promise<T>): Promise<T> } }
  withContext<T>(vars: unknown, work: (tx: Executor) => Promise<T>, options?: RequestOptions): Promise<T>
}

export function fenceCallerContext(connection: ContextRunner): void {
  connection.withContext = (vars, work, options) =>
    connection.kysely.transaction().execute(async (tx) => {
      await tx.executeQuery(settle(callerSettings(callerOf(vars), requestSettings(options))))
      return work(tx)
    })
}

function requestSettings({ rpc }: RequestOptions = {}): Record<string, string> {
  return {
    'request.method': rpc?.method ?? '',
    'request.path': rpc?.path ?? '',
    'request.headers': JSON.stringify(rpc?.requestHeaders ?? {}),
    'response.status': '',
    'response.headers': '',
    ...(rpc?.readOnly ? { transaction_read_only: 'on' } : {}),
  }
}

function settle(settings: Record<string, string>): RawQuery {
  const sql = 'select set_config(key, value, true) from json_each_text($1::text::json)'
  const parameters = [JSON.stringify(settings)]
  return {
    sql,
    parameters,
    query: { kind: 'RawNode', sqlFragments: [sql], parameters: [] },
    queryId: { queryId: 'settle' },
  }
}

function callerOf(vars: unknown): Caller {
  const claims = (vars as { auth?: { jwt?: Caller['claims'] | null } } | undefined)?.auth?.jwt
  const role = claims?.['role']
  if (!claims || (role !== 'anon' && role !== 'authenticated' && role !== 'service_role')) {
    throw new Error('A request reached the Data API without a caller.')
  }
  return { role, claims, key: null, token: null }
}
