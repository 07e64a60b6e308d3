import { createEffect, createRoot } from 'solid-js'
import { expect, test } from 'vitest'
import { makeMemoryEngine } from '../sync/testing/memory-engine.ts'
import type { PendingChange } from '../sync/sync-state.ts'
import { createSyncSignals } from './sync-signals.ts'

const change = (entity: string, id = entity): PendingChange => ({
  id,
  doc: 'd',
  collection: 'tasks',
  entity,
  fields: [],
  at: 1,
  state: 'device',
})

test('only the entities whose mark changes hear of it', () => {
  const engine = makeMemoryEngine()
  const pend = (...pending: PendingChange[]) => engine.state.set({ ...engine.state.get(), pending })
  const heard: string[] = []
  const dispose = createRoot((end) => {
    const { pendingOf } = createSyncSignals(engine)
    for (const id of ['a', 'b']) {
      const pending = pendingOf(id)
      createEffect(() => heard.push(`${id} ${pending()}`))
    }
    return end
  })
  heard.length = 0
  pend(change('a'))
  expect(heard).toEqual(['a true'])
  pend(change('a'), change('a', 'again'), change('b'))
  expect(heard).toEqual(['a true', 'b true'])
  pend(change('b'))
  expect(heard).toEqual(['a true', 'b true', 'a false'])
  dispose()
  pend()
  expect(heard).toHaveLength(3)
})

test('connection and state are the engine’s, from the first moment', () => {
  createRoot((dispose) => {
    const engine = makeMemoryEngine()
    engine.connection.set({ kind: 'live', since: 5 })
    const { connection, state } = createSyncSignals(engine)
    expect(connection()).toEqual({ kind: 'live', since: 5 })
    engine.connection.set({ kind: 'signed-out' })
    engine.state.set({ ...engine.state.get(), sending: true })
    expect(connection().kind).toBe('signed-out')
    expect(state().sending).toBe(true)
    dispose()
  })
})
