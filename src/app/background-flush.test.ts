import { expect, test } from 'vitest'
import type { ConnectionState } from '../sync/connection-state.ts'
import { makeSubject } from '../sync/observable.ts'
import type { PendingChange, SyncState } from '../sync/sync-state.ts'
import { watchUnsent } from './background-flush.ts'

const change = (state: PendingChange['state']): PendingChange => ({
  id: 'c',
  doc: 'd',
  collection: 'tasks',
  entity: 'e',
  fields: [],
  at: 0,
  state,
})

function page() {
  const state = makeSubject({ pending: [] as readonly PendingChange[], lastSyncedAt: null } as SyncState)
  const connection = makeSubject<ConnectionState>({ kind: 'live', since: 0 })
  let hide = () => {}
  const seen = { asked: 0, calmed: 0, now: 0 }
  const stop = watchUnsent(
    { state, connection },
    {
      now: () => seen.now,
      ask: () => void seen.asked++,
      calm: () => void seen.calmed++,
      onHidden(run) {
        hide = run
        return () => (hide = () => {})
      },
    },
  )
  return {
    seen,
    stop,
    hide: () => hide(),
    pend: (...pending: PendingChange[]) => state.set({ ...state.get(), pending }),
    sync: () => state.set({ ...state.get(), lastSyncedAt: 1 }),
    goOffline: () => connection.set({ kind: 'offline', since: 0, nextTryAt: 0 }),
  }
}

test('[K1] an edit while live asks nobody', () => {
  const { seen, pend } = page()
  pend(change('memory'))
  pend(change('sending'))
  pend()
  expect(seen.asked).toBe(0)
})

test('[K1] edits without a connection ask at once, and then once a minute', () => {
  const { seen, pend, goOffline } = page()
  goOffline()
  expect(seen.asked).toBe(0)
  for (let n = 0; n < 50; n++) pend(change('device'))
  expect(seen.asked).toBe(1)
  seen.now = 60_000
  pend(change('device'))
  expect(seen.asked).toBe(2)
})

test('[K1] an edit that is unsent when the connection goes asks too', () => {
  const { seen, pend, goOffline } = page()
  pend(change('sending'))
  goOffline()
  expect(seen.asked).toBe(1)
})

test('[K1] a page that is hidden asks when something waits, however lately it has asked', () => {
  const { seen, pend, hide, goOffline } = page()
  hide()
  expect(seen.asked).toBe(0)
  goOffline()
  pend(change('device'))
  hide()
  expect(seen.asked).toBe(2)
})

test('[K1] what only the person can bring on its way asks for nothing', () => {
  const { seen, pend, hide, goOffline } = page()
  goOffline()
  pend(change('refused'))
  hide()
  expect(seen.asked).toBe(0)
})

test('[K4] the icon is not marked any more once all is sent', () => {
  const { seen, pend, sync } = page()
  pend(change('device'))
  sync()
  expect(seen.calmed).toBe(0)
  pend()
  pend(change('memory'))
  pend()
  expect(seen.calmed).toBe(1)
})

test('a workspace that was left asks no more', () => {
  const { seen, pend, hide, goOffline, stop } = page()
  stop()
  goOffline()
  pend(change('device'))
  hide()
  expect(seen.asked).toBe(0)
})
