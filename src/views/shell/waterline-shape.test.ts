import { describe, expect, test } from 'vitest'
import type { ConnectionState, PendingChange, SyncState } from '../../stores/workspace-context.ts'
import { readWaterline } from './waterline-shape.ts'

const change = (state: PendingChange['state'], entity = 'A'): PendingChange => ({
  id: entity,
  doc: 'd',
  collection: 'tasks',
  entity,
  fields: ['title'],
  at: 1,
  state,
})
const sync = (part: Partial<SyncState> = {}): SyncState => ({
  pending: [],
  sending: false,
  lastSyncedAt: 1,
  storage: 'ok',
  problem: null,
  calls: { kind: 'normal' },
  ...part,
})
const live: ConnectionState = { kind: 'live', since: 1 }
const polling: ConnectionState = { kind: 'polling', since: 1, reason: 'join', nextTryAt: 2 }
const offline: ConnectionState = { kind: 'offline', since: 1, nextTryAt: 2 }
const starting: ConnectionState = { kind: 'starting' }
const signedOut: ConnectionState = { kind: 'signed-out' }
const refused: ConnectionState = { kind: 'refused', code: 'not_a_member', message: '' }
const old: ConnectionState = { kind: 'incompatible', message: '' }
const waiting = { pending: [change('device', 'A'), change('device', 'B')] }

describe('the waterline never says more than is true', () => {
  test.each([
    ['nothing waits, live', sync(), live, 'synced', 'live', 100],
    ['nothing waits, polling', sync(), polling, 'synced', 'polling', 100],
    ['nothing waits, offline', sync(), offline, 'synced', 'offline', 0],
    ['changes, offline', sync(waiting), offline, 'saved', 'offline', 0],
    ['changes, still joining', sync(waiting), starting, 'saved', 'offline', 0],
    ['changes, live', sync(waiting), live, 'syncing', 'live', 80],
    ['changes, polling', sync(waiting), polling, 'syncing', 'polling', 80],
    [
      'changes, polling, calls paused',
      sync({ ...waiting, calls: { kind: 'paused', until: 9 } }),
      polling,
      'saved',
      'polling',
      88,
    ],
    [
      'an edit that was lost, offline',
      sync({ problem: { code: 'unsent_lost', message: '' } }),
      offline,
      'error',
      'offline',
      0,
    ],
    ['changes, signed out', sync(waiting), signedOut, 'auth', 'offline', 0],
    ['nothing waits, signed out', sync(), signedOut, 'auth', 'offline', 0],
    ['a refused change, live', sync({ pending: [change('refused')] }), live, 'error', 'live', 62],
    [
      'a refused change, signed out',
      sync({ pending: [change('refused')] }),
      signedOut,
      'error',
      'offline',
      0,
    ],
    ['device full', sync({ storage: 'full' }), live, 'error', 'live', 62],
    ['no storage, nothing to lose', sync({ storage: 'memory-only' }), live, 'synced', 'live', 100],
    [
      'no storage, changes to lose',
      sync({ ...waiting, storage: 'memory-only' }),
      offline,
      'error',
      'offline',
      0,
    ],
    ['no longer in the team', sync(), refused, 'error', 'offline', 0],
    ['app too old', sync(waiting), old, 'error', 'offline', 0],
    ['never synced, joining', sync({ lastSyncedAt: null }), starting, 'syncing', 'offline', 0],
    ['never synced, offline', sync({ lastSyncedAt: null }), offline, 'saved', 'offline', 0],
  ] as const)('%s', (_, state, connection, left, right, tide) => {
    const shape = readWaterline(state, connection)
    expect([shape.state, shape.link, shape.tide]).toEqual([left, right, tide])
  })

  test('grains stand oldest first and show their own state', () => {
    const pending = [change('refused', 'A'), change('sending', 'B'), change('device', 'C')]
    expect(readWaterline(sync({ pending }), live).grains).toEqual(['refused', 'sending', 'waiting'])
  })
  test('only synced and live is silent; a start that was synced stays silent while it joins', () => {
    expect(readWaterline(sync(), live).quiet).toBe(true)
    expect(readWaterline(sync(), starting).quiet).toBe(true)
    expect(readWaterline(sync(), polling).quiet).toBe(false)
    expect(readWaterline(sync(), offline).quiet).toBe(false)
    expect(readWaterline(sync(waiting), live).quiet).toBe(false)
  })
})
