/** How the leader stands, as this tab shows it, whether that is this tab or another. */
import type { ConnectionState } from './connection-state.ts'
import { makeSubject, type Observable } from './observable.ts'
import type { Standing } from './tab-messages.ts'

export interface StandingBoard {
  readonly connection: Observable<ConnectionState>
  get(): Standing
  /** True when something is different now. */
  show(part: Partial<Standing>): boolean
  /** This app is older than another that is used here: nothing changes that but loading it anew. */
  outdated(message: string): void
}

export function makeStandingBoard(changed: () => void): StandingBoard {
  let standing: Standing = {
    connection: { kind: 'starting' },
    lastSyncedAt: null,
    sending: false,
    problem: null,
    calls: { kind: 'normal' },
  }
  const connection = makeSubject(standing.connection)
  let fixed = false

  return {
    connection,
    get: () => standing,
    show(part) {
      const next = { ...standing, ...part }
      if (fixed || isSame(standing, next)) return false
      standing = next
      connection.set(next.connection)
      changed()
      return true
    },
    outdated(message) {
      standing = { ...standing, connection: { kind: 'incompatible', message }, sending: false }
      fixed = true
      connection.set(standing.connection)
      changed()
    },
  }
}

function isSame(one: Standing, other: Standing): boolean {
  return (
    one.connection === other.connection &&
    one.lastSyncedAt === other.lastSyncedAt &&
    one.sending === other.sending &&
    one.problem === other.problem &&
    one.calls === other.calls
  )
}
