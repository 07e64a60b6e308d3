import { groupPending } from '../../stores/pending-groups.ts'
import type { ConnectionState, SyncState } from '../../stores/workspace-context.ts'
import type { IconName } from '../kit/icon-names.ts'
import type { WaterlineShape } from '../kit/Waterline.tsx'

/** Why the left end asks for a person; each has its own words and its own way out. */
type WaterlineTrouble = 'refused' | 'full' | 'memory-only' | 'no-access' | 'outdated' | 'problem'

export type ReadWaterline = WaterlineShape & {
  pending: number
  refused: number
  /** All that waits is kept back by the person's own wish. */
  held: 'paused' | 'wifi' | undefined
  trouble: WaterlineTrouble | undefined
  /** Synced, and nothing to say: the phone shows the bare line. */
  quiet: boolean
}

/** True whatever the network does: something that was on this device is not there any more. */
const ofTheDevice: ReadonlySet<string> = new Set(['unsent_lost', 'corrupt_record'])

/** More dots than this say nothing more; the count does. */
const GRAINS = 12

/**
 * Both questions from both states, never merged. The left end never claims more than is true: `synced` only when
 * nothing waits and the server once had everything, `saved` only for what the device's storage holds or will hold.
 */
export function readWaterline(sync: SyncState, connection: ConnectionState): ReadWaterline {
  const groups = groupPending(sync.pending)
  const refused = groups.filter((group) => group.state === 'refused').length
  const trouble = troubleOf(sync, connection, refused)
  const link = linkOf(connection)
  const held = groups.every((group) => group.held !== undefined) ? groups[0]?.held : undefined
  const state = stateOf(sync, connection, trouble, held === undefined ? groups.length : 'held')
  return {
    state,
    link,
    tide: tideOf(state, link),
    grains: groups
      .slice(0, GRAINS)
      .map((group) =>
        group.state === 'refused' ? 'refused' : group.state === 'sending' ? 'sending' : 'waiting',
      ),
    mineIcon: mineIcons[state],
    othersIcon: othersIcon(connection),
    pending: groups.length,
    refused,
    held,
    trouble,
    quiet: state === 'synced' && (connection.kind === 'live' || connection.kind === 'starting'),
  }
}

const mineIcons = {
  saved: 'device',
  syncing: 'arrowup',
  synced: 'check',
  auth: 'key',
  error: 'alert',
} as const satisfies Record<WaterlineShape['state'], IconName>

function troubleOf(
  sync: SyncState,
  connection: ConnectionState,
  refused: number,
): WaterlineTrouble | undefined {
  if (connection.kind === 'incompatible') return 'outdated'
  if (connection.kind === 'refused') return 'no-access'
  if (refused > 0) return 'refused'
  if (sync.storage === 'full') return 'full'
  if (sync.storage === 'memory-only' && sync.pending.length > 0) return 'memory-only'
  if (sync.problem === null) return undefined
  if (connection.kind === 'live' || ofTheDevice.has(sync.problem.code)) return 'problem'
  return undefined
}

function stateOf(
  sync: SyncState,
  connection: ConnectionState,
  trouble: WaterlineTrouble | undefined,
  pending: number | 'held',
): WaterlineShape['state'] {
  if (trouble !== undefined) return 'error'
  if (connection.kind === 'signed-out') return 'auth'
  const heard = connection.kind === 'live' || connection.kind === 'polling'
  const reachable = heard && sync.calls.kind !== 'paused'
  if (pending === 'held') return 'saved'
  if (pending > 0) return reachable || sync.sending ? 'syncing' : 'saved'
  if (sync.lastSyncedAt !== null) return 'synced'
  return connection.kind === 'offline' ? 'saved' : 'syncing'
}

function linkOf(connection: ConnectionState): WaterlineShape['link'] {
  if (connection.kind === 'live') return 'live'
  return connection.kind === 'polling' ? 'polling' : 'offline'
}

function tideOf(state: WaterlineShape['state'], link: WaterlineShape['link']): number {
  if (link === 'offline') return 0
  if (state === 'synced') return 100
  if (state === 'error') return 62
  return state === 'syncing' ? 80 : 88
}

function othersIcon(connection: ConnectionState): IconName {
  if (connection.kind === 'live') return 'live'
  return connection.kind === 'polling' || connection.kind === 'starting' ? 'polling' : 'offline'
}
