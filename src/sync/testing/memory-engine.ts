/** An engine that keeps documents in memory and stays offline: for tests of stores and screens. */
import * as Y from 'yjs'
import type { ConnectionLogLine } from '../connection-log-line.ts'
import type { ConnectionState } from '../connection-state.ts'
import { makeSubject, type Subject } from '../observable.ts'
import type { PresentPerson } from '../presence/people.ts'
import type { Presence } from '../presence/presence.ts'
import type { SyncEngine } from '../sync-engine.ts'
import type { SyncState } from '../sync-state.ts'

export interface MemoryEngine extends SyncEngine {
  readonly connection: Subject<ConnectionState>
  readonly state: Subject<SyncState>
  readonly presence: Presence & {
    readonly people: Subject<readonly PresentPerson[]>
    /** What the screen showed of itself, in order. */
    readonly shown: unknown[]
  }
}

export function makeMemoryEngine(): MemoryEngine {
  const shown: unknown[] = []
  const docs = new Map<string, Y.Doc>()
  const state = makeSubject<SyncState>({
    pending: [],
    sending: false,
    lastSyncedAt: null,
    storage: 'ok',
    problem: null,
    calls: { kind: 'normal' },
  })
  return {
    connection: makeSubject<ConnectionState>({ kind: 'offline', since: 0, nextTryAt: 0 }),
    state,
    log: makeSubject<readonly ConnectionLogLine[]>([]),
    open(id) {
      const doc = docs.get(id) ?? new Y.Doc({ guid: id })
      docs.set(id, doc)
      return {
        id,
        doc,
        onReplaced: () => () => {},
        loaded: Promise.resolve(),
        filled: Promise.resolve(),
        isEmptyLocally: () => doc.store.clients.size === 0,
        change(subject, edit) {
          const result = doc.transact(() => edit(doc))
          // After the edit: a change inside of it has noted its own subject.
          const pending = [
            ...state.get().pending,
            { ...subject, id: String(state.get().pending.length), doc: id, at: 0, state: 'device' as const },
          ]
          state.set({ ...state.get(), pending })
          return result
        },
        release() {},
      }
    },
    presence: {
      people: makeSubject<readonly PresentPerson[]>([]),
      shown,
      look: (doc, entity = null) => void shown.push({ doc, entity }),
      point: (cursor) => void shown.push({ cursor }),
      type: () => void shown.push('types'),
    },
    keep() {},
    look() {},
    syncNow: async () => state.set({ ...state.get(), pending: [] }),
    retry() {},
    discard: async () => {},
    stop: async () => {},
  }
}
