/** How the leader stands, as this tab shows it, whether that is this tab or another. */
import type { ConnectionLogLine } from './connection-log-line.ts'
import type { ConnectionState } from './connection-state.ts'
import { makeSubject, type Observable } from './observable.ts'
import type { Standing } from './tab-messages.ts'

const LOG_LINES = 500

export interface StandingBoard {
  readonly connection: Observable<ConnectionState>
  readonly log: Observable<readonly ConnectionLogLine[]>
  get(): Standing
  /** True when something is different now. */
  show(part: Partial<Standing>): boolean
  showLines(lines: readonly ConnectionLogLine[]): void
  addLine(line: ConnectionLogLine): void
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
  const log = makeSubject<readonly ConnectionLogLine[]>([])
  let fixed = false

  return {
    connection,
    log,
    get: () => standing,
    show(part) {
      const next = { ...standing, ...part }
      if (fixed || isSame(standing, next)) return false
      standing = next
      connection.set(next.connection)
      changed()
      return true
    },
    showLines: (lines) => log.set(lines.slice(-LOG_LINES)),
    addLine: (line) => log.set([...log.get().slice(1 - LOG_LINES), line]),
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
