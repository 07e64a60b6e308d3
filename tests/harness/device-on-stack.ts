/** The engine of a tab, here in Node: real clock, unmodified supabase-js, storage in memory. */
import { randomBytes } from 'node:crypto'
import { expect, vi } from 'vitest'
import { boardDocument } from '../../src/domain/document-ids.ts'
import { makeSyncEngine } from '../../src/sync/engine.ts'
import * as leadingPart from '../../src/sync/leading-part.ts'
import { makeSubject } from '../../src/sync/observable.ts'
import { LogServerError, type ConnectivityEvent, type DocumentStorage } from '../../src/sync/ports.ts'
import type { DocumentHandle, SyncEngine } from '../../src/sync/sync-engine.ts'
import { makeLiveChannel } from '../../src/sync/supabase/live-channel.ts'
import { makeLogServer } from '../../src/sync/supabase/log-server.ts'
import { makeSession } from '../../src/sync/supabase/session.ts'
import { makeMemoryBook } from '../../src/sync/testing/memory-book.ts'
import { makeMemoryStorage } from '../../src/sync/testing/memory-storage.ts'
import { shown } from '../../src/sync/testing/scene.ts'
import { addMember, makePerson, makeWorkspace, type Person } from './people.ts'

const engines: SyncEngine[] = []

/** After each test. */
export async function stopDevices(): Promise<void> {
  await Promise.all(engines.splice(0).map((engine) => engine.stop()))
}

export function startDevice(
  person: Person,
  workspaceId: string,
  storage: DocumentStorage = makeMemoryStorage(),
) {
  const connectivity = makeSubject<ConnectivityEvent | null>(null)
  const network = { up: true, loseAnswers: 0 }
  const server = makeLogServer(person.client, person.id)
  const carry = async <T>(call: () => Promise<T>): Promise<T> => {
    if (!network.up) throw new LogServerError('unreachable', 'the network is cut')
    const answer = await call()
    if (network.loseAnswers-- > 0) throw new LogServerError('unreachable', 'the answer was lost')
    return answer
  }
  const engine = makeSyncEngine(
    {
      clock: {
        now: Date.now,
        after(milliseconds, run) {
          const timer = setTimeout(run, milliseconds)
          return () => clearTimeout(timer)
        },
      },
      random: { bytes: (count) => randomBytes(count), fraction: Math.random },
      server: {
        push: (operations, signal) => carry(() => server.push(operations, signal)),
        pull: (cursors, signal) => carry(() => server.pull(cursors, signal)),
      },
      live: makeLiveChannel(person.client),
      session: makeSession(person.client, person.id),
      connectivity: {
        online: () => network.up,
        visible: () => true,
        subscribe: (listener) => connectivity.subscribe((event) => event && listener(event)),
      },
      storage,
      tabs: { post() {}, subscribe: () => () => {} },
      locks: null,
      book: makeMemoryBook(),
      log() {},
    },
    { workspaceId, loadLeading: () => leadingPart },
  )
  engines.push(engine)
  return {
    engine,
    network,
    storage,
    goOffline() {
      network.up = false
      connectivity.set('offline')
    },
    goOnline() {
      network.up = true
      connectivity.set('online')
    },
  }
}

export const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 20 })
export const live = (...all: SyncEngine[]) =>
  until(() => expect(all.map(({ connection }) => connection.get().kind)).toEqual(all.map(() => 'live')))
export const equal = (one: DocumentHandle, two: DocumentHandle, tasks: number) =>
  until(() => {
    expect(Object.keys(shown(one))).toHaveLength(tasks)
    expect(shown(two)).toEqual(shown(one))
  })
export const nothingPending = (...all: SyncEngine[]) =>
  until(() => expect(all.flatMap(({ state }) => state.get().pending)).toEqual([]))

export async function twoDevices() {
  const ana = await makePerson()
  const bruno = await makePerson()
  const workspace = await makeWorkspace(ana)
  await addMember(workspace, bruno, 'agent')
  const board = boardDocument(workspace, 'main')
  const a = startDevice(ana, workspace)
  const b = startDevice(bruno, workspace)
  const onA = a.engine.open(board)
  const onB = b.engine.open(board)
  await live(a.engine, b.engine)
  return { ana, bruno, workspace, board, a, b, onA, onB }
}
