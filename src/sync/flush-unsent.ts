/**
 * Sends what tabs left unsent that are gone, with no window: the service worker does it when the browser wakes it.
 * The same engine leads each such workspace until no mark of unsent edits is left. [K3] It has no websocket: its topics
 * count as joined and are silent, for the pull after the join is all that it needs to hear. A living tab is never
 * disturbed [K2]: the lead is taken only while it is free, and left when a tab is heard.
 */
import { makeSyncEngine } from './engine.ts'
import { leaderLock } from './leadership.ts'
import * as leadingPart from './leading-part.ts'
import type { Clock, LiveChannel, Locks, SyncPorts } from './ports.ts'
import type { SyncEngine } from './sync-engine.ts'
import { aborted } from './tab-life.ts'

const WITHIN = 60_000
const LOOK_EVERY = 500
// A tab that is being closed leads until it is gone.
const TAB_MAY_CLOSE = 10_000
const FINISH_PUSH = 5_000

export type FlushPorts = Omit<SyncPorts, 'live' | 'meetings' | 'connectivity'>

/** Something waits on this device that can be sent later. */
export class StillUnsent extends Error {
  constructor(workspaces: number) {
    super(
      `Edits of ${workspaces} workspaces are still on this device alone. They are sent when it is tried again.`,
    )
    this.name = 'StillUnsent'
  }
}

/** Rejects with `StillUnsent`, or with what the storage says, when it is to be tried again. */
export async function flushUnsent(
  { clock, storage }: Pick<SyncPorts, 'clock' | 'storage'>,
  portsOf: (workspaceId: string) => FlushPorts,
): Promise<void> {
  const deadline = clock.now() + WITHIN
  const workspaces = new Set((await storage.unsent()).map(({ workspace }) => workspace))
  let left = 0
  for (const workspaceId of workspaces) {
    if ((await flushWorkspace(portsOf(workspaceId), workspaceId, deadline)) === 'waits') left++
  }
  if (left > 0) throw new StillUnsent(left)
}

/** `done` also when a tab does it, or only a person can. */
type Outcome = 'done' | 'waits'

async function flushWorkspace(ports: FlushPorts, workspaceId: string, deadline: number): Promise<Outcome> {
  const { clock, locks, storage } = ports
  // Nobody knows whether a tab lives; each works alone, and sends by itself.
  if (!locks) return 'done'
  const isSent = async () => !(await storage.unsent()).some(({ workspace }) => workspace === workspaceId)

  const closedBy = clock.now() + TAB_MAY_CLOSE
  while (!(await locks.holdIfFree(leaderLock(workspaceId), async () => {}))) {
    if (clock.now() >= closedBy || (await isSent())) return 'done'
    await pause(clock, LOOK_EVERY)
  }

  let tab = false
  const found = () => {
    tab = true
  }
  const engine = makeSyncEngine(
    {
      ...ports,
      live: silent(clock),
      connectivity: { online: () => true, visible: () => false, subscribe: () => () => {} },
      tabs: {
        post: ports.tabs.post,
        subscribe: (listener) =>
          ports.tabs.subscribe((message) => {
            // A tab that has just come; one that goes says so too.
            if (message.kind === 'here') found()
            listener(message)
          }),
      },
      locks: onlyIfFree(locks, leaderLock(workspaceId), found),
    },
    { workspaceId, loadLeading: () => leadingPart },
  )
  try {
    for (;;) {
      if (needsPerson(engine) || (await isSent())) return 'done'
      if (tab) return 'done'
      if (clock.now() >= deadline) return 'waits'
      await pause(clock, LOOK_EVERY)
    }
  } finally {
    // What is under way would otherwise be sent once more by whoever comes next.
    const finished = clock.now() + FINISH_PUSH
    while (engine.state.get().sending && clock.now() < finished) await pause(clock, LOOK_EVERY)
    await engine.stop()
  }
}

/** Signing in, another app, or a decision about each refused change: trying again would change nothing. */
function needsPerson({ connection, state }: SyncEngine): boolean {
  if (['signed-out', 'refused', 'incompatible'].includes(connection.get().kind)) return true
  const { pending, lastSyncedAt } = state.get()
  return lastSyncedAt !== null && pending.length > 0 && pending.every((change) => change.state === 'refused')
}

/** The lead is neither waited for nor taken from anybody. */
function onlyIfFree(locks: Locks, lead: string, onTaken: () => void): Locks {
  return {
    ...locks,
    async hold(name, options, held) {
      if (name !== lead) return await locks.hold(name, options, held)
      if (await locks.holdIfFree(name, held)) return
      onTaken()
      await aborted(options.signal)
    },
  }
}

function silent(clock: Clock): LiveChannel {
  return { join: (_topic, { joined }) => clock.after(0, joined) }
}

function pause(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => void clock.after(milliseconds, resolve))
}
