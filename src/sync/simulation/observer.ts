/**
 * Stands at the engine's door and holds what it says against what is: an edit called "on this device" is read back
 * from that device's storage, one that is pending no more is looked up in the log, and a tab that says live has its
 * topic joined and has pulled since.
 */
import type { PendingChange, SyncState } from '../sync-state.ts'
import { holds, nameOf, received, type Edit } from './edits.ts'
import { mainTopic } from './places.ts'
import type { Tab } from './tab.ts'
import type { Profile, World } from './world.ts'

export function observe(world: World, profile: Profile, tab: Tab): void {
  const { engine } = tab
  // Edits that this tab has spoken of or made.
  const known = new Set<Edit>()
  const onDevice = new Set<Edit>()
  let seen = 0

  /** Own edits, and those of sibling tabs once they are listed here under a name of their own. */
  const learn = (listed: ReadonlyMap<string, readonly PendingChange[]>) => {
    for (; seen < world.edits.length; seen++) {
      const edit = world.edits[seen]
      if (edit?.tab === tab.name) known.add(edit)
    }
    for (const edit of world.edits) {
      if (edit.profile === profile.name && !edit.gathers && listed.has(keyOf(edit))) known.add(edit)
    }
  }

  const check = (state: SyncState) => {
    const listed = bySubject(state.pending)
    learn(listed)
    for (const edit of known) {
      const said = listed.get(keyOf(edit))
      if (said === undefined) settled(edit)
      else if (said.every((change) => change.state === 'device')) stored(edit)
      else if (said.some((change) => change.state === 'memory')) onDevice.delete(edit)
    }
  }

  const settled = (edit: Edit) => {
    // What a tab that sleeps has in its memory alone, and never told, nobody else can speak of.
    const maker = [...profile.tabs].find(({ name }) => name === edit.tab)
    if (maker?.life.state === 'frozen' && edit.claimed === 'nothing') return
    known.delete(edit)
    if (isExcused(profile, edit)) return
    edit.claimed = 'server'
    world.looked('what is called sent is in the log')
    if (!received(world.server.held(edit.doc), edit))
      world.broken(
        'what is called sent is in the log',
        `${tab.name} says that ${nameOf(edit)} is sent, and the log lacks it`,
      )
  }

  const stored = (edit: Edit) => {
    if (onDevice.has(edit) || isExcused(profile, edit)) return
    onDevice.add(edit)
    if (edit.claimed === 'nothing') edit.claimed = 'device'
    world.looked('what is called on this device is in its storage')
    if (!holds(profile.disk.held(edit.doc), edit))
      world.broken(
        'what is called on this device is in its storage',
        `${tab.name} says that ${nameOf(edit)} is on this device, and its storage lacks it`,
      )
  }

  engine.state.subscribe(check)
  engine.connection.subscribe(({ kind }) => {
    world.trace.note(`${tab.name} is ${kind}`)
    if (kind !== 'live') return
    world.looked('what is called live has joined')
    const leads = [...profile.tabs].some(({ way }) =>
      [...way.open].some((socket) => socket.topic === mainTopic && socket.joined),
    )
    // A follower hears of it a moment later, when it may already be over.
    if (leads || tab.way.open.size === 0) return
    world.broken(
      'what is called live has joined',
      `${tab.name} says that it is live, and nobody on this device has joined`,
    )
  })
}

function bySubject(pending: readonly PendingChange[]): Map<string, PendingChange[]> {
  const found = new Map<string, PendingChange[]>()
  for (const change of pending) {
    const key = `${change.doc} ${change.entity}`
    found.set(key, [...(found.get(key) ?? []), change])
  }
  return found
}

function keyOf({ doc, subject }: Edit): string {
  return `${doc} ${subject}`
}

function isExcused(profile: Profile, edit: Edit): boolean {
  return edit.gone !== null || edit.shaken || profile.dropping.has(edit.doc)
}
