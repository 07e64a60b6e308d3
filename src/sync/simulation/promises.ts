/**
 * What must be so once everything is healed, whatever happened before: everybody at rest, all replicas equal to the
 * log, nothing lost, nothing twice, nothing left running.
 */
import * as Y from 'yjs'
import type { SyncEngine } from '../sync-engine.ts'
import type { SyncProblem } from '../sync-state.ts'
import { holds, nameOf } from './edits.ts'
import { everyDocument, kept } from './places.ts'
import type { Promised } from './promised.ts'
import { openDocuments, type Profile, type World } from './world.ts'

const LONGEST_REST = 600_000
const STEP = 10_000
const KEPT_REST = 310_000
// An exchange, and another one where the log turned out to be a restored one.
const KEPT_WITHIN = 130_000

/** Moves on until everybody is live and nothing is pending. */
export async function comeToRest(world: World): Promise<void> {
  let waited = 0
  do {
    await world.clock.advance(STEP)
    waited += STEP
  } while (waited < LONGEST_REST && !atRest(world) && !world.failure)
  world.looked('after healing everybody comes to rest')
  for (const profile of world.profiles()) {
    for (const { name, engine } of profile.tabs) {
      if (!isAtRest(world, profile, engine))
        world.broken('after healing everybody comes to rest', `${name} is ${stateOf(engine)}`)
    }
  }
}

function atRest(world: World): boolean {
  return world
    .profiles()
    .every((profile) => [...profile.tabs].every(({ engine }) => isAtRest(world, profile, engine)))
}

function isAtRest(world: World, profile: Profile, engine: SyncEngine): boolean {
  const { pending, sending, storage, problem } = engine.state.get()
  const well = problem === null || isTrueLoss(world, profile, problem)
  return (
    engine.connection.get().kind === 'live' && pending.length === 0 && !sending && storage === 'ok' && well
  )
}

/** A document of which the device says that edits were lost did lose one. */
function isTrueLoss({ edits }: World, { name }: Profile, { code, message }: SyncProblem): boolean {
  if (code !== 'unsent_lost') return false
  return edits.some(({ profile, doc, gone }) => profile === name && message.includes(doc) && gone !== null)
}

function stateOf(engine: SyncEngine): string {
  const { pending, sending, storage, problem } = engine.state.get()
  const changes = pending.map(
    ({ entity, doc, state, refusal }) => `${entity} of ${doc} ${state} ${refusal?.code ?? ''}`,
  )
  return `${engine.connection.get().kind}, pending ${changes.slice(0, 3).join(', ')} of ${pending.length}, sending ${sending}, storage ${storage}, problem ${problem?.message}`
}

export function nothingIsLost(world: World): void {
  for (const edit of world.edits) {
    if (edit.gone !== null) continue
    world.looked('what survived is in the log')
    if (!holds(world.server.held(edit.doc), edit))
      world.broken(
        'what survived is in the log',
        `${nameOf(edit)}, said to be ${edit.claimed}, is not in the log`,
      )
  }
  for (const id of everyDocument) {
    const operations = world.server.twin.updates(id).map(({ op_id }) => op_id)
    world.looked('nothing is in the log twice')
    if (new Set(operations).size < operations.length)
      world.broken('nothing is in the log twice', `an operation is in ${id} twice`)
    const text = world.server.held(id).getText('words').toString()
    const words = text.match(/<e\d+>/g) ?? []
    if (new Set(words).size < words.length)
      world.broken('nothing is in the log twice', `a word is in ${id} twice: ${text}`)
  }
}

/** Kept documents are stored as the log has them, though nobody has opened them since. */
export async function keptAreCurrent(world: World): Promise<void> {
  // Where storage failed they rest for five minutes. [F5]
  await world.clock.advance(KEPT_REST)
  // Twice, since some device may only then find what a restored server has lost, and give it back.
  for (let looks = 0; looks < 2; looks++) {
    for (const { engine } of world.tabs()) engine.look(kept)
    await world.clock.advance(KEPT_WITHIN)
  }
  for (const profile of world.profiles()) {
    for (const id of kept) {
      const copy = fresh(profile, id)
      // It may hold an edit beside, of a tab that died before it had marked it: found when the document is opened.
      const held = Y.snapshot(copy)
      // Wiped while it was being looked at: it is noted as looked at, and comes back with the next line or opening.
      if (profile.wiped && Y.encodeStateVector(copy).byteLength <= 1) continue
      Y.applyUpdate(copy, Y.encodeStateAsUpdate(world.server.held(id)))
      world.looked('kept documents are current')
      if (!Y.equalSnapshots(held, Y.snapshot(copy)))
        world.broken('kept documents are current', `${profile.name} keeps ${id} without all that the log has`)
    }
  }
}

/** Every document in every tab, and what a fresh reader finds on every device. */
export function allAreEqual(world: World): void {
  for (const profile of world.profiles()) {
    for (const tab of profile.tabs) {
      for (const [id, { doc }] of tab.handles)
        sameAsLog(world, 'all replicas are equal', `${tab.name} shows`, id, doc)
    }
    for (const id of profile.disk.documents())
      sameAsLog(
        world,
        'storage read again is equal',
        `the disk of ${profile.name} holds`,
        id,
        fresh(profile, id),
      )
  }
}

function fresh(profile: Profile, id: string): Y.Doc {
  const doc = new Y.Doc()
  for (const update of profile.disk.memory.content(id).updates) Y.applyUpdate(doc, update)
  return doc
}

function sameAsLog(world: World, promise: Promised, what: string, id: string, doc: Y.Doc): void {
  const log = world.server.held(id)
  world.looked(promise)
  if (Y.equalSnapshots(Y.snapshot(doc), Y.snapshot(log))) return
  world.broken(
    promise,
    `${what} another ${id} than the log: ${JSON.stringify(contentOf(doc))}\n and not ${JSON.stringify(contentOf(log))}`,
  )
}

function contentOf(doc: Y.Doc) {
  return {
    items: doc.getMap('items').toJSON(),
    words: doc.getText('words').toString(),
    vector: [...Y.decodeStateVector(Y.encodeStateVector(doc))],
  }
}

/** One tab of a device holds the websocket; asked while nobody is frozen and nothing is being handed over. */
export function oneLeads(world: World): void {
  for (const { name, tabs, locks } of world.profiles()) {
    if (!locks) continue
    world.looked('one tab of a device leads')
    const leading = [...tabs].filter(({ way }) => way.open.size > 0).map((tab) => tab.name)
    if (leading.length > 1)
      world.broken('one tab of a device leads', `${leading.join(' and ')} of ${name} have websockets`)
  }
}

// The longest that a call is waited for; one that was under way is not called back.
const LONGEST_CALL = 31_000

/** A stopped engine waits for nothing and calls nobody. */
export async function nothingRuns(world: World): Promise<void> {
  const tabs = world.tabs()
  for (const { engine } of tabs) void engine.stop()
  await world.clock.settle()
  const calls = tabs.map(({ way }) => way.calls)
  await world.clock.advance(LONGEST_CALL)
  for (const [index, { name, life, way }] of tabs.entries()) {
    world.looked('a stopped engine does nothing more')
    const made = way.calls - (calls[index] ?? 0)
    if (life.timers + way.open.size + made > 0)
      world.broken(
        'a stopped engine does nothing more',
        `${name} has ${life.timers} timers and ${way.open.size} websockets, and made ${made} calls`,
      )
    life.end()
  }
}

/** A fresh page finds on every device what the log has, with no network at all. */
export async function offlineReaders(world: World): Promise<void> {
  for (const profile of world.profiles()) {
    profile.device.conditions.state = 'cut'
    const tab = world.openTab(profile)
    openDocuments(world, tab)
  }
  await world.clock.advance(100)
  for (const profile of world.profiles()) {
    for (const { name, handles } of profile.tabs) {
      for (const [id, handle] of handles) {
        if (!handle.isEmptyLocally())
          sameAsLog(world, 'storage read again is equal', `${name}, offline, shows`, id, handle.doc)
      }
    }
  }
}

const MOST_TIMERS = 100
const MOST_LINES = 500

/** Looked at in every turn. */
export function memoryIsBounded(world: World): void {
  for (const { name, life, engine } of world.tabs()) {
    world.looked('memory stays bounded')
    const lines = engine.log.get().length
    if (life.timers > MOST_TIMERS || lines > MOST_LINES)
      world.broken('memory stays bounded', `${name} has ${life.timers} timers and ${lines} lines`)
  }
}
