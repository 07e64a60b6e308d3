/**
 * What must be so once everything is healed, whatever happened before: everybody at rest, all replicas equal to the
 * log, nothing lost, nothing twice. Each gives what it finds to be otherwise at this moment.
 */
import * as Y from 'yjs'
import type { SyncEngine } from '../sync-engine.ts'
import type { SyncProblem } from '../sync-state.ts'
import { holds, nameOf, received } from './edits.ts'
import { everyDocument, kept } from './places.ts'
import type { Promised } from './promised.ts'
import type { Profile, World } from './world.ts'

type Finding = readonly [Promised, string]

export type Finder = (world: World) => Iterable<Finding>

/** Everybody is live, and nothing is pending. */
export function* rest(world: World): Iterable<Finding> {
  world.looked('after healing everybody comes to rest')
  for (const profile of world.profiles()) {
    for (const { name, engine } of profile.tabs) {
      if (!isAtRest(world, profile, engine))
        yield ['after healing everybody comes to rest', `${name} is ${stateOf(engine)}`]
    }
  }
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

/** Found by its mark alone. It may still wait for ground that somebody keeps who has not opened it either. */
export function* safeIsSent(world: World): Iterable<Finding> {
  for (const edit of world.edits) {
    // What the log had and lost again is given back when the document is next looked at.
    if (edit.gone !== null || edit.claimed !== 'device' || edit.shaken) continue
    const maker = world.profiles().find(({ name }) => name === edit.profile)
    // Wiped there; another device may keep it, which was told of it and does not know what it is.
    if (!maker || !holds(maker.disk.held(edit.doc), edit)) continue
    world.looked('what was called safe is sent though nobody opens it')
    if (!received(world.server.held(edit.doc), edit))
      yield [
        'what was called safe is sent though nobody opens it',
        `${nameOf(edit)}, said to be on the ${edit.claimed}, is not in the log`,
      ]
  }
}

export function* nothingLost(world: World): Iterable<Finding> {
  for (const edit of world.edits) {
    if (edit.gone !== null) continue
    world.looked('what survived is in the log')
    if (!holds(world.server.held(edit.doc), edit))
      yield ['what survived is in the log', `${nameOf(edit)}, said to be ${edit.claimed}, is not in the log`]
  }
}

export function* nothingTwice(world: World): Iterable<Finding> {
  for (const id of everyDocument) {
    const operations = world.server.twin.updates(id).map(({ op_id }) => op_id)
    world.looked('nothing is in the log twice')
    if (new Set(operations).size < operations.length)
      yield ['nothing is in the log twice', `an operation is in ${id} twice`]
    const text = world.server.held(id).getText('words').toString()
    const words = text.match(/<e\d+>/g) ?? []
    if (new Set(words).size < words.length)
      yield ['nothing is in the log twice', `a word is in ${id} twice: ${text}`]
  }
}

/** Kept documents are stored as the log has them, though nobody has opened them since. */
export function* keptAreCurrent(world: World): Iterable<Finding> {
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
        yield ['kept documents are current', `${profile.name} keeps ${id} without all that the log has`]
    }
  }
}

/** Every document in every tab, and what a fresh reader finds on every device. */
export function* allEqual(world: World): Iterable<Finding> {
  for (const profile of world.profiles()) {
    // Tabs that work alone know nothing of each other's edits: what nobody there may push stays where it is.
    if (!profile.locks && !world.mayWrite(profile.person)) continue
    for (const tab of profile.tabs) {
      for (const [id, { doc }] of tab.handles)
        yield* sameAsLog(world, 'all replicas are equal', `${tab.name} shows`, id, doc)
    }
    for (const id of profile.disk.documents()) {
      const what = `the disk of ${profile.name} holds`
      yield* sameAsLog(world, 'storage read again is equal', what, id, fresh(profile, id))
    }
  }
}

/** A fresh page has found on every device what the log has, with no network at all. */
export function* offlineEqual(world: World): Iterable<Finding> {
  for (const { tabs, locks, person } of world.profiles()) {
    if (!locks && !world.mayWrite(person)) continue
    for (const { name, handles } of tabs) {
      for (const [id, handle] of handles) {
        if (handle.isEmptyLocally()) continue
        yield* sameAsLog(world, 'storage read again is equal', `${name}, offline, shows`, id, handle.doc)
      }
    }
  }
}

/** One tab of a device holds the websocket; asked while nobody is frozen and nothing is being handed over. */
export function* oneLeads(world: World): Iterable<Finding> {
  for (const { name, tabs, locks } of world.profiles()) {
    if (!locks) continue
    world.looked('one tab of a device leads')
    const leading = [...tabs].filter(({ way }) => way.open.size > 0).map((tab) => tab.name)
    if (leading.length > 1)
      yield ['one tab of a device leads', `${leading.join(' and ')} of ${name} have websockets`]
  }
}

const MOST_TIMERS = 100
const MOST_LINES = 500

/** Looked at in every turn. */
export function* memoryBounded(world: World): Iterable<Finding> {
  for (const { name, life, engine } of world.tabs()) {
    world.looked('memory stays bounded')
    const lines = engine.log.get().length
    if (life.timers > MOST_TIMERS || lines > MOST_LINES)
      yield ['memory stays bounded', `${name} has ${life.timers} timers and ${lines} lines`]
  }
}

function fresh(profile: Profile, id: string): Y.Doc {
  const doc = new Y.Doc({ guid: id })
  for (const update of profile.disk.memory.content(id).updates) Y.applyUpdate(doc, update)
  return doc
}

function* sameAsLog(
  world: World,
  promise: Promised,
  what: string,
  id: string,
  doc: Y.Doc,
): Iterable<Finding> {
  const log = world.server.held(id)
  world.looked(promise)
  if (Y.equalSnapshots(Y.snapshot(doc), Y.snapshot(log))) return
  const [here, there] = [doc, log].map((one) => JSON.stringify(contentOf(one)))
  yield [promise, `${what} another ${id} than the log: ${here}\n and not ${there}`]
}

function contentOf(doc: Y.Doc) {
  return {
    items: doc.getMap('items').toJSON(),
    words: doc.getText('words').toString(),
    vector: [...Y.decodeStateVector(Y.encodeStateVector(doc))],
  }
}
