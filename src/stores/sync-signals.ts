/** The engine's connection and state as Solid signals, and one mark per entity for what is not yet on the server. */
import { batch, createSignal, onCleanup, type Accessor } from 'solid-js'
import { createStore } from 'solid-js/store'
import type { ConnectionState } from '../sync/connection-state.ts'
import type { Observable } from '../sync/observable.ts'
import type { SyncEngine } from '../sync/sync-engine.ts'
import type { SyncState } from '../sync/sync-state.ts'

export interface SyncSignals {
  readonly connection: Accessor<ConnectionState>
  readonly state: Accessor<SyncState>
  /** Whether anything of this entity is not yet on the server. */
  pendingOf(entityId: string): Accessor<boolean>
}

export function createSyncSignals(engine: Pick<SyncEngine, 'connection' | 'state'>): SyncSignals {
  const connection = createObserved(engine.connection)
  const state = createObserved(engine.state)
  // A store makes a signal only for the entities that somebody asked about.
  const [pending, setPending] = createStore<Record<string, true>>({})
  let marked = new Set<string>()

  const mark = ({ pending: changes }: SyncState) => {
    const now = new Set(changes.map((change) => change.entity))
    batch(() => {
      for (const id of now) if (!marked.has(id)) setPending(id, true)
      for (const id of marked) if (!now.has(id)) setPending({ [id]: undefined })
    })
    marked = now
  }
  mark(engine.state.get())
  onCleanup(engine.state.subscribe(mark))

  return { connection, state, pendingOf: (id) => () => pending[id] === true }
}

function createObserved<T>(source: Observable<T>): Accessor<T> {
  const [value, setValue] = createSignal<T>(source.get())
  onCleanup(source.subscribe((next) => setValue(() => next)))
  return value
}
