import type { Sql } from 'postgres'
import type { Log } from '../log.ts'
import type { Changes } from './changes.ts'
import type { Hub } from './hub.ts'
import type { Limits, RateMeter } from './limits.ts'
import type { Policies } from './policies.ts'
import type { Presence } from './presence.ts'
import type { Tokens } from './tokens.ts'

/** What every channel of one endpoint shares. */
export interface Services {
  sql: Sql
  log: Log
  limits: Limits
  tokens: Tokens
  policies: Policies
  hub: Hub
  presence: Presence
  changes: Changes
  joins: RateMeter
  events: RateMeter
  presenceEvents: RateMeter
}
