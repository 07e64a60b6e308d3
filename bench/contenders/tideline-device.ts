/** The engine of a tab, in Node: real clock, unmodified supabase-js, documents in memory. */
import { randomBytes } from 'node:crypto'
import type { SupabaseClient } from '@supabase/supabase-js'
import { makeSyncEngine } from '../../src/sync/engine.ts'
import * as leadingPart from '../../src/sync/leading-part.ts'
import {
  LogServerError,
  type Connectivity,
  type ConnectivityEvent,
  type LogServer,
} from '../../src/sync/ports.ts'
import { makeLiveChannel } from '../../src/sync/supabase/live-channel.ts'
import { makeLogServer } from '../../src/sync/supabase/log-server.ts'
import { makeMeetingChannels } from '../../src/sync/supabase/meeting-channels.ts'
import { makeSession } from '../../src/sync/supabase/session.ts'
import { makeMemoryStorage } from '../../src/sync/testing/memory-storage.ts'

export function startEngine(client: SupabaseClient, personId: string, workspaceId: string) {
  const connectivity = makeConnectivity()
  const engine = makeSyncEngine(
    {
      clock: {
        now: Date.now,
        after(milliseconds, run) {
          if (milliseconds === 0) {
            const soon = setImmediate(run)
            return () => clearImmediate(soon)
          }
          const timer = setTimeout(run, milliseconds)
          return () => clearTimeout(timer)
        },
      },
      random: { bytes: (count) => randomBytes(count), fraction: Math.random },
      server: onlyWhileOnline(makeLogServer(client, personId), connectivity.port.online),
      live: makeLiveChannel(client),
      meetings: makeMeetingChannels(client),
      session: makeSession(client, personId),
      connectivity: connectivity.port,
      storage: makeMemoryStorage(),
      tabs: { post() {}, subscribe: () => () => {} },
      // One tab alone.
      locks: null,
      book: { read: async () => [], append: async () => {} },
      log() {},
    },
    { workspaceId, personId, loadLeading: () => leadingPart },
  )
  return { engine, connectivity }
}

function onlyWhileOnline(server: LogServer, online: () => boolean): LogServer {
  const away = () => Promise.reject(new LogServerError('unreachable', 'the network is away'))
  return {
    push: (operations, signal) => (online() ? server.push(operations, signal) : away()),
    pull: (cursors, signal) => (online() ? server.pull(cursors, signal) : away()),
  }
}

function makeConnectivity() {
  const listeners = new Set<(event: ConnectivityEvent) => void>()
  let online = true
  const turn = (to: boolean) => {
    online = to
    for (const listener of listeners) listener(to ? 'online' : 'offline')
  }
  const port: Connectivity = {
    online: () => online,
    visible: () => true,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return { port, leave: () => turn(false), comeBack: () => turn(true) }
}
