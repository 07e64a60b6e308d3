import type { Sql, TransactionSql } from 'postgres'
import type { Caller } from './caller.ts'

// One statement sets everything that policies and functions may ask of a request. The time limits
// are those of a hosted project's roles.

const statementTimeout: Record<Caller['role'], string> = {
  anon: '3s',
  authenticated: '8s',
  service_role: '0',
}

export function callerSettings(caller: Caller, more: Record<string, string> = {}): Record<string, string> {
  return {
    role: caller.role,
    statement_timeout: statementTimeout[caller.role],
    'request.jwt.claims': JSON.stringify(caller.claims),
    'request.jwt.claim.sub': '',
    'request.jwt.claim.role': '',
    'request.jwt.claim.email': '',
    ...more,
  }
}

/** Runs a transaction in which row policies see the caller. */
export function asCaller<T>(
  sql: Sql,
  caller: Caller,
  more: Record<string, string>,
  work: (tx: TransactionSql) => Promise<T>,
): Promise<T> {
  return sql.begin(async (tx) => {
    const settings = JSON.stringify(callerSettings(caller, more))
    await tx`select set_config(key, value, true) from json_each_text(${settings}::text::json)`
    return work(tx)
  }) as Promise<T>
}
