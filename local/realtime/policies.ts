// What a caller may do on a private topic, decided by the row policies on `realtime.messages`: two rows
// are inserted and read back as the caller, two are inserted as the caller, and all of it is undone.

import type { Sql } from 'postgres'
import type { Log } from '../log.ts'
import { answered } from './deadline.ts'
import type { Claims } from './tokens.ts'

export interface Permissions {
  broadcast: { read: boolean; write: boolean }
  presence: { read: boolean; write: boolean }
}

export const everything: Permissions = {
  broadcast: { read: true, write: true },
  presence: { read: true, write: true },
}

const nothing: Permissions = {
  broadcast: { read: false, write: false },
  presence: { read: false, write: false },
}

export interface Caller {
  claims: Claims
  /** Request headers, for policies that read `request.headers`. */
  headers: Record<string, string>
}

export class Policies {
  constructor(
    private readonly sql: Sql,
    private readonly log: Log,
  ) {}

  async decide(subtopic: string, { claims, headers }: Caller): Promise<Permissions> {
    if (subtopic.includes('\0')) return nothing // PostgreSQL has no such text, so no policy can allow it
    const query = this.sql<
      {
        read_broadcast: boolean
        read_presence: boolean
        write_broadcast: boolean
        write_presence: boolean
        failure: string | null
      }[]
    >`select * from _realtime.decide(${subtopic}, ${claims.role}, ${JSON.stringify(claims)}::text::jsonb,
        ${JSON.stringify(headers)}::text::jsonb)`
    const row = (await answered(query))[0]
    if (!row) throw new Error('_realtime.decide gave no row: run installRealtimeSchema first')
    if (row.failure)
      this.log.warn(`Realtime: a policy on realtime.messages failed (SQL state ${row.failure}).`)
    return {
      broadcast: { read: row.read_broadcast, write: row.write_broadcast },
      presence: { read: row.read_presence, write: row.write_presence },
    }
  }
}
