/** What a tab said, or wrote, that then is gone. Each was first found by the simulation. */
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { tasks } from '../domain/collections/tasks.ts'
import { createEntity, removeEntity } from './collection-map.ts'
import { TAB_PROTOCOL, type DocumentWord, type TabMessage } from './tab-messages.ts'
import type { Device } from './testing/device.ts'
import { addTask, board, makeScene, one, setTask, shown, two, workspace } from './testing/scene.ts'
import { at, makeTabs } from './testing/tabs.ts'

type Told = DocumentWord & { kind: 'edited' | 'logged' }
type Bare<Word> = Word extends DocumentWord ? Omit<Word, 'doc' | 'generation'> : never

/** As a tab that nobody hears of again. */
function sayAsTheDead(device: Device, word: Bare<Told>) {
  const message = { ...word, doc: board, generation: 0, protocol: TAB_PROTOCOL, tab: 'dead' }
  device.say(message as TabMessage) // spreading a union forgets which kinds go with which fields
}

/** What this edit makes of the document, as bytes. */
function bytesOf(doc: Y.Doc, edit: (doc: Y.Doc) => void): Uint8Array {
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  const before = Y.encodeStateVector(copy)
  copy.transact(() => edit(copy))
  return Y.encodeStateAsUpdate(copy, before)
}

test('[S9] a deletion told before what it deletes has come is pushed when that has', async () => {
  const { clock, device } = makeScene()
  const ana = device('ana')
  const bruno = device('bruno')
  const onAna = ana.engine.open(board)
  const onBruno = bruno.engine.open(board)
  await clock.advance(1_000)
  ana.network.cut()
  addTask(onBruno, one, { title: 'to be deleted' })
  await clock.advance(1_000)
  const update = bytesOf(onBruno.doc, (doc) => removeEntity(doc, tasks, one))
  sayAsTheDead(ana, { kind: 'edited', update, records: [], number: 1 })
  ana.network.heal()
  ana.tell('online')
  await clock.advance(130_000)
  expect(shown(onAna)).toEqual({})
  expect(shown(onBruno)).toEqual({})
})

test('[T4] what a leader of before says the log brought is pushed: the server may have lost it since', async () => {
  const { clock, device } = makeScene()
  const ana = device('ana')
  const onAna = ana.engine.open(board)
  const onBruno = device('bruno').engine.open(board)
  await clock.advance(1_000)
  const update = bytesOf(onAna.doc, (doc) => createEntity(doc, tasks, one, { title: 'lost' }))
  sayAsTheDead(ana, { kind: 'logged', updates: [update], number: 1 })
  addTask(onAna, two, { title: 'goes on' })
  await clock.advance(130_000)
  expect(shown(onBruno)).toEqual(shown(onAna))
  expect(Object.keys(shown(onBruno)).sort()).toEqual([one, two])
})

test('[S16] what an edit stands on leaves the device only for what confirms it', async () => {
  const { clock, device, twin } = makeScene()
  const ana = device('ana')
  const bruno = device('bruno')
  const onAna = ana.engine.open(board)
  const onBruno = bruno.engine.open(board)
  for (const { engine } of [ana, bruno]) engine.presence.look(board)
  await clock.advance(1_000)
  ana.network.latency = () => 600_000
  addTask(onAna, one, { title: 'told' })
  await clock.advance(1_000)
  bruno.network.cut()
  setTask(onBruno, one, { status: 'done' })
  await clock.advance(1_000)
  expect(bruno.storage.content(board).told).toHaveLength(1)
  sayAsTheDead(bruno, { kind: 'logged', updates: [Y.encodeStateAsUpdate(onAna.doc)], number: 1 })
  await clock.advance(1_000)
  expect(bruno.storage.content(board).told).toBeUndefined()
  bruno.crash()
  bruno.start()
  const again = bruno.engine.open(board)
  await clock.advance(1_000)
  expect(shown(again)).toMatchObject({ [one]: { title: 'told', status: 'done' } })
  expect(twin.updates(board)).toHaveLength(0)
})

test('[T8] what is found on the device of a tab that told nobody is shown by all tabs', async () => {
  const { clock, tabs, other } = await makeTabs(3)
  const { storage } = at(tabs, 0).device
  const update = bytesOf(other.handle.doc, (doc) => createEntity(doc, tasks, one, { title: 'not told' }))
  const stored = await storage.open(board)
  await stored.write({ updates: [update], pending: [], settled: [], setAside: [] })
  await storage.mark({ doc: board, workspace, tab: 'dead' })
  await clock.advance(130_000)
  for (const { handle } of [...tabs, other]) expect(shown(handle)).toHaveProperty(one)
})
