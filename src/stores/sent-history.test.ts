import { createRoot, createSignal } from 'solid-js'
import { describe, expect, test } from 'vitest'
import type { PendingChange, SyncState } from '../sync/sync-state.ts'
import { createSentHistory } from './sent-history.ts'

const change = (entity: string): PendingChange => ({
  id: entity,
  doc: 'd',
  collection: 'tasks',
  entity,
  fields: ['title'],
  at: 1,
  state: 'device',
})
const state = (...entities: string[]): SyncState => ({
  pending: entities.map(change),
  sending: false,
  lastSyncedAt: null,
  storage: 'ok',
  problem: null,
  calls: { kind: 'normal' },
})

const begin = () =>
  createRoot((dispose) => {
    const [sync, setSync] = createSignal(state('A', 'B'))
    const history = createSentHistory(sync, () => 7)
    const names = () => history.sent().map((entry) => entry.group.entity)
    return { setSync, history, names, dispose }
  })

describe('what was sent lately', () => {
  test('what leaves the list of unsent changes has arrived, newest first', () => {
    const { setSync, names, dispose } = begin()
    setSync(state('B'))
    setSync(state())
    expect(names()).toEqual(['B', 'A'])
    dispose()
  })
  test('what was discarded has not arrived', () => {
    const { setSync, history, names, dispose } = begin()
    history.forget('d tasks A')
    setSync(state('B'))
    expect(names()).toEqual([])
    dispose()
  })
  test('a thing sent twice stands once, and only the last five stand at all', () => {
    const { setSync, names, dispose } = begin()
    for (const entity of ['A', 'C', 'D', 'E', 'F', 'G', 'A']) {
      setSync(state(entity))
      setSync(state())
    }
    expect(names()).toEqual(['A', 'G', 'F', 'E', 'D'])
    dispose()
  })
})
