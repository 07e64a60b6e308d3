// The `config` of a join, read as the real server reads it: what is missing or of another type takes its
// default, and a join is not refused for it.

import { randomUUID } from 'node:crypto'

export interface JoinConfig {
  isPrivate: boolean
  ack: boolean
  self: boolean
  /** As sent: its own rules are in replay.ts. */
  replay: unknown
  replicationReady: boolean
  presenceKey: string
  presenceEnabled: boolean
  changes: Record<string, unknown>[]
  /** Milliseconds to hold the reply until the changes are subscribed to. */
  changesWait: number | null
}

type Fields = Record<string, unknown>

export function readJoinConfig(payload: unknown): JoinConfig {
  const config = fields(fields(payload)?.['config']) ?? {}
  const broadcast = fields(config['broadcast']) ?? {}
  const presence = fields(config['presence']) ?? {}
  const options = fields(config['postgres_changes_options']) ?? {}
  const key = presence['key']
  const changes: unknown[] = Array.isArray(config['postgres_changes']) ? config['postgres_changes'] : []
  return {
    isPrivate: flag(config['private'], false),
    ack: flag(broadcast['ack'], false),
    self: flag(broadcast['self'], false),
    replay: broadcast['replay'],
    replicationReady: flag(broadcast['replication_ready'], false),
    presenceKey: typeof key === 'string' && key !== '' ? key : randomUUID(),
    presenceEnabled: flag(presence['enabled'], true),
    changes: changes.map(fields).filter((entry) => entry !== undefined),
    changesWait: flag(options['wait'], false) ? Math.min(20_000, number(options['timeout'], 15_000)) : null,
  }
}

/** The token that the join carries itself; a key in its place means the key of the connection. */
export function joinToken(payload: unknown): string | null {
  const { access_token, user_token } = fields(payload) ?? {}
  const token = access_token ?? user_token
  return typeof token === 'string' && !token.startsWith('sb_') ? token : null
}

export function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

function flag(value: unknown, otherwise: boolean): boolean {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  return otherwise
}

function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value > 0 ? value : otherwise
}
