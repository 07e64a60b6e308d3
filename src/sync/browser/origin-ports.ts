/** The ports that every window and worker of an origin has: nothing here names a window or a document. */
import type { Clock, Random, SyncPorts } from '../ports.ts'
import { makeIndexedDbLogBook } from '../storage/indexeddb-log-book.ts'
import { makeIndexedDbStorage } from '../storage/indexeddb-storage.ts'
import { makeTabBus } from './tab-bus.ts'
import { makeWebLocks } from './web-locks.ts'

export type OriginPorts = Pick<SyncPorts, 'clock' | 'random' | 'storage' | 'tabs' | 'locks' | 'book'>

export function makeOriginPorts(personId: string, workspaceId: string): OriginPorts {
  const tabs = makeTabBus(`tideline/${personId}/${workspaceId}`)
  return {
    clock,
    random,
    storage: makeIndexedDbStorage({ indexedDB, IDBKeyRange }, personId),
    book: makeIndexedDbLogBook({ indexedDB, IDBKeyRange }, personId, workspaceId),
    tabs: tabs ?? { post() {}, subscribe: () => () => {} },
    // A leader that nobody can hear would leave the others without news.
    locks: tabs ? makeWebLocks(navigator.locks, `tideline/${personId}/`) : null,
  }
}

const clock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    if (milliseconds === 0) return afterThisTask(run)
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}

/** A browser holds the timers of a tab that nobody looks at, up to a second and more; messages it lets through. */
function afterThisTask(run: () => void): () => void {
  const { port1, port2 } = new MessageChannel()
  port1.addEventListener('message', () => {
    port1.close()
    run()
  })
  port1.start()
  port2.postMessage(null)
  return () => port1.close()
}

const random: Random = {
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  fraction: () => Math.random(),
}
