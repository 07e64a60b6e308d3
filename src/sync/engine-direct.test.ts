import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { encodeEditHint } from './direct/edit-hint.ts'
import { LogServerError } from './ports.ts'
import type { Device } from './testing/device.ts'
import { forge } from './testing/meeting-place.ts'
import {
  addTask,
  board,
  makeScene,
  one,
  removeTask,
  setTask,
  shown,
  two,
  twoDevices,
  workspace,
} from './testing/scene.ts'

const edits = `edits:${workspace}`

/** Everybody has the board before their eyes, and is on the topic. */
async function facing(...devices: readonly Device[]) {
  for (const { engine } of devices) engine.presence.look(board)
}

async function face2face() {
  const scene = await twoDevices()
  await facing(scene.a, scene.b)
  await scene.clock.advance(1_000)
  return scene
}

/** The database's broadcasts do not come, and no answer of a pull: what is seen was told directly. */
const onlyDirectly = ({ network }: Device) => {
  network.hints = () => ({ copies: 0, delay: 0 })
}

const merged = (updates: readonly (Uint8Array | null)[]) => {
  const doc = new Y.Doc()
  for (const update of updates) if (update) Y.applyUpdate(doc, update)
  return doc
}

describe('edits told directly', () => {
  test('[S13] are seen before the log has them, by those who have the document before their eyes', async () => {
    const { clock, a, b, onA, onB } = await face2face()
    a.network.latency = () => 500
    onlyDirectly(b)
    addTask(onA, one, { title: 'at once' })
    await clock.settle()
    expect(shown(onB)).toEqual(shown(onA))
    expect(b.engine.state.get().pending).toEqual([])
  })

  test('[S13] nothing is told while nobody else looks at the document', async () => {
    const { clock, a, b, onA } = await twoDevices()
    a.engine.presence.look(board)
    b.engine.presence.look(null)
    await clock.advance(1_000)
    addTask(onA, one, { title: 'alone' })
    await clock.advance(1_000)
    expect(a.network.meetings.said.get('edit')).toBeUndefined()
    expect(a.network.meetings.topics).not.toContain(edits)
  })

  test('[S13] a tick is one broadcast, a large edit none, and a storm is left to the log', async () => {
    const { clock, a, b, onA, onB } = await face2face()
    for (let n = 0; n < 5; n++) addTask(onA, `${one}${n}`, { title: 'together' })
    await clock.settle()
    expect(a.network.meetings.said.get('edit')).toBe(1)
    onA.doc.getText('long').insert(0, 'x'.repeat(40_000))
    await clock.advance(1_000)
    expect(a.network.meetings.said.get('edit')).toBe(1)
    for (let n = 0; n < 500; n++) {
      setTask(onA, `${one}0`, { title: `${n}` })
      await clock.advance(1)
    }
    expect(a.network.meetings.said.get('edit')).toBeLessThanOrEqual(1 + 60 + 31)
    await clock.advance(1_000)
    expect(shown(onB)).toEqual(shown(onA))
    expect(b.engine.state.get().problem).toBeNull()
  })

  test('[S13] a tab that does not lead tells and hears through the one that does', async () => {
    const scene = makeScene()
    const first = scene.device('ana')
    const second = scene.device('ana', { besides: first })
    const b = scene.device('bruno')
    const onSecond = second.engine.open(board)
    const onB = b.engine.open(board)
    await scene.clock.advance(1_000)
    await facing(second, b)
    await scene.clock.advance(1_000)
    for (const device of [first, second, b]) {
      device.network.latency = () => 500
      onlyDirectly(device)
    }
    addTask(onSecond, one, { title: 'from the second tab' })
    await scene.clock.advance(10)
    expect(shown(onB)).toEqual(shown(onSecond))
    setTask(onB, one, { title: 'and back' })
    await scene.clock.advance(10)
    expect(shown(onSecond)).toEqual(shown(onB))
    expect(second.engine.presence.people.get()).toMatchObject([{ id: 'bruno' }])
  })

  test('[S14] are neither stored nor pushed by who hears them, and move no cursor', async () => {
    const { clock, twin, a, b, onA, onB } = await face2face()
    a.network.state = 'silent'
    a.network.meetings.drop('x')
    const update = await told(onA, clock)
    forge(twin, edits, 'edit', encodeEditHint({ doc: board, update }))
    await clock.settle()
    expect(shown(onB)).toHaveProperty(one)
    await b.engine.syncNow()
    b.tell('hidden')
    await clock.advance(30_000)
    expect(twin.updates(board)).toHaveLength(0)
    expect(b.storage.content(board).updates).toEqual([])
    expect(b.engine.state.get()).toMatchObject({ pending: [], sending: false })
  })

  test('[S16] are kept where something of ours stands on them: a reload offline shows both', async () => {
    const { clock, twin, a, b, onA, onB } = await face2face()
    a.network.state = 'silent'
    const update = await told(onA, clock)
    forge(twin, edits, 'edit', encodeEditHint({ doc: board, update }))
    await clock.settle()
    b.network.state = 'silent'
    setTask(onB, one, { title: 'stands on it' })
    await clock.advance(100)
    expect(b.engine.state.get().pending).toMatchObject([{ state: 'sending' }])
    b.crash()
    b.start()
    const again = b.engine.open(board)
    await clock.settle()
    expect(shown(again)).toMatchObject({ [one]: { title: 'stands on it' } })
    a.crash()
    b.network.heal()
    b.tell('online')
    await clock.advance(200_000)
    expect(
      merged(twin.updates(board).map((line) => line.update))
        .getMap('tasks')
        .toJSON(),
    ).toEqual(shown(again))
    expect(b.storage.content(board).told).toBeUndefined()
  })

  test('[S16] and taken up by the tab that leads next', async () => {
    const { clock, twin, a, b, onA, onB, device } = await face2face()
    a.network.state = 'silent'
    const update = await told(onA, clock)
    forge(twin, edits, 'edit', encodeEditHint({ doc: board, update }))
    await clock.settle()
    const next = device('bruno', { besides: b })
    const onNext = next.engine.open(board)
    await clock.advance(100)
    setTask(onB, one, { title: 'stands on it' })
    await clock.advance(100)
    a.crash()
    b.crash()
    await clock.advance(200_000)
    const log = merged(twin.updates(board).map((line) => line.update))
    expect(log.getMap('tasks').toJSON()).toMatchObject({ [one]: { title: 'stands on it' } })
    expect(shown(onNext)).toEqual(log.getMap('tasks').toJSON())
  })

  test('[S16] and once more where the storage was wiped meanwhile', async () => {
    const { clock, twin, a, b, onA, onB } = await face2face()
    a.network.state = 'silent'
    const update = await told(onA, clock)
    forge(twin, edits, 'edit', encodeEditHint({ doc: board, update }))
    await clock.settle()
    b.network.state = 'silent'
    setTask(onB, one, { title: 'stands on it' })
    await clock.advance(100)
    b.storage.wipe()
    b.storage.takeAway()
    await clock.advance(5_000)
    b.crash()
    b.start()
    const again = b.engine.open(board)
    await clock.settle()
    expect(shown(again)).toMatchObject({ [one]: { title: 'stands on it' } })
  })

  test('[S17] what the log confirms leaves nothing behind', async () => {
    const { clock, twin, a, b, onA, onB } = await face2face()
    addTask(onA, one, { title: 'one' })
    await clock.settle()
    setTask(onB, one, { title: 'two' })
    await clock.settle()
    removeTask(onA, one)
    await clock.advance(200_000)
    expect(twin.updates(board)).toHaveLength(3)
    for (const { storage } of [a, b]) {
      expect(merged(storage.content(board).updates).getMap('tasks').toJSON()).toEqual({})
      expect(storage.content(board).told).toBeUndefined()
    }
  })

  test.each(['an addition', 'a deletion'])(
    '[S18] %s of a device that died before its push is adopted by the others, once',
    async (what) => {
      const { clock, twin, a, b, onA, onB, device } = { ...(await face2face()) }
      const c = device('carla')
      const onC = c.engine.open(board)
      await facing(c)
      addTask(onA, two, { title: 'in the log' })
      await clock.advance(2_000)
      a.network.fail = () => new LogServerError('unreachable', 'no way')
      if (what === 'an addition') addTask(onA, one, { title: 'orphan' })
      else removeTask(onA, two)
      await clock.settle()
      a.crash()
      const expected = what === 'an addition' ? [two, one] : []
      expect(Object.keys(shown(onB)).toSorted()).toEqual(expected.toSorted())
      const before = twin.updates(board).length
      await clock.advance(59_000)
      expect(twin.updates(board)).toHaveLength(before)
      await clock.advance(40_000)
      const lines = twin.updates(board)
      expect(lines).toHaveLength(before + 1)
      const log = merged(lines.map((line) => line.update))
        .getMap('tasks')
        .toJSON()
      expect([shown(onB), shown(onC)]).toEqual([log, log])
      await clock.advance(300_000)
      expect(twin.updates(board)).toHaveLength(before + 1)
      for (const one of [b, c]) expect(one.engine.state.get().pending).toEqual([])
    },
  )

  test('[S18] who may not write adopts nothing in vain: it is taken out again, and no change is refused', async () => {
    const scene = makeScene()
    const a = scene.device('ana')
    const viewer = scene.device('vera', { role: 'viewer' })
    const onA = a.engine.open(board)
    const onViewer = viewer.engine.open(board)
    await facing(a, viewer)
    addTask(onA, two, { title: 'in the log' })
    await scene.clock.advance(2_000)
    a.network.fail = () => new LogServerError('unreachable', 'no way')
    addTask(onA, one, { title: 'orphan' })
    await scene.clock.settle()
    expect(shown(onViewer)).toHaveProperty(one)
    a.crash()
    await scene.clock.advance(100_000)
    expect(Object.keys(shown(onViewer))).toEqual([two])
    expect(viewer.engine.state.get()).toMatchObject({ pending: [], problem: null })
  })

  test('[S18] what a tab heard that does not lead any more is pushed by the one that does', async () => {
    const scene = makeScene()
    const a = scene.device('ana')
    const heard = scene.device('bruno')
    const onA = a.engine.open(board)
    heard.engine.open(board)
    await facing(a, heard)
    addTask(onA, two, { title: 'in the log' })
    await scene.clock.advance(2_000)
    a.network.fail = () => new LogServerError('unreachable', 'no way')
    addTask(onA, one, { title: 'orphan' })
    await scene.clock.advance(100)
    a.crash()
    const leads = scene.device('bruno', { besides: heard })
    heard.tell('hidden')
    const onLeader = leads.engine.open(board)
    await scene.clock.advance(240_000)
    expect(leads.network.joined.length).toBeGreaterThan(0)
    expect(Object.keys(shown(onLeader)).toSorted()).toEqual([one, two])
    const log = merged(scene.twin.updates(board).map(({ update }) => update))
    expect(Object.keys(log.getMap('tasks').toJSON()).toSorted()).toEqual([one, two])
  })

  test('[S18] and out of the tabs that do not lead', async () => {
    const scene = makeScene()
    const a = scene.device('ana')
    const leads = scene.device('vera', { role: 'viewer' })
    const follows = scene.device('vera', { role: 'viewer', besides: leads })
    const onA = a.engine.open(board)
    leads.engine.open(board)
    const onFollower = follows.engine.open(board)
    await facing(a, leads, follows)
    addTask(onA, two, { title: 'in the log' })
    await scene.clock.advance(2_000)
    a.network.fail = () => new LogServerError('unreachable', 'no way')
    addTask(onA, one, { title: 'orphan' })
    await scene.clock.advance(100)
    expect(shown(onFollower)).toHaveProperty(one)
    a.crash()
    await scene.clock.advance(100_000)
    expect(Object.keys(shown(onFollower))).toEqual([two])
  })

  test.each([
    ['garbage', () => new Uint8Array([1, 2, 3, 4])],
    ['a document that is none', () => encodeEditHint({ doc: 'nowhere', update: new Uint8Array([0, 0]) })],
    ['another version', () => new Uint8Array([9, 0, 0, 0])],
    ['an update that is none', () => encodeEditHint({ doc: board, update: new Uint8Array([7, 7, 7]) })],
    ['no bytes', () => ({ doc: board })],
    ['an unknown client', () => encodeEditHint({ doc: board, update: written(77, 'x') })],
  ])('[S19] %s breaks nothing, and all are equal in the end', async (_, bytes) => {
    const { clock, twin, a, b, onA, onB } = await face2face()
    forge(twin, edits, 'edit', bytes())
    addTask(onA, one, { title: 'goes on' })
    await clock.advance(120_000)
    const log = merged(twin.updates(board).map(({ update }) => update))
      .getMap('tasks')
      .toJSON()
    expect([shown(onA), shown(onB)]).toEqual([log, log])
    for (const { engine } of [a, b]) expect(engine.state.get()).toMatchObject({ pending: [], problem: null })
  })

  test('[S19] a real author’s clocks with other content give way to the log, in every tab and on the device', async () => {
    const scene = makeScene()
    const a = scene.device('ana')
    const b = scene.device('bruno')
    const b2 = scene.device('bruno', { besides: b })
    const onA = a.engine.open(board)
    const [onB, onB2] = [b.engine.open(board), b2.engine.open(board)]
    await facing(a, b)
    addTask(onA, one, { title: 'real' })
    await scene.clock.advance(2_000)
    const forged = merged([Y.encodeStateAsUpdate(onA.doc)])
    forged.clientID = onA.doc.clientID
    const vector = Y.encodeStateVector(forged)
    forged.getMap<Y.Map<unknown>>('tasks').get(one)?.set('title', 'forged')
    const update = Y.encodeStateAsUpdate(forged, vector)
    forge(scene.twin, edits, 'edit', encodeEditHint({ doc: board, update }))
    await scene.clock.settle()
    expect(shown(onB)).toMatchObject({ [one]: { title: 'forged' } })
    expect(shown(onB2)).toMatchObject({ [one]: { title: 'forged' } })
    expect(shown(onA)).toMatchObject({ [one]: { title: 'real' } })
    setTask(onB, one, { labels: ['mine'] })
    setTask(onA, one, { due: '2027-01-01' })
    await scene.clock.advance(2_000)
    expect(shown(onB)).toEqual(shown(onA))
    expect(shown(onB2)).toEqual(shown(onA))
    expect(shown(onA)).toMatchObject({ [one]: { title: 'real', due: '2027-01-01' } })
    expect(merged(b.storage.content(board).updates).getMap('tasks').toJSON()).toEqual(shown(onA))
    await scene.clock.advance(200_000)
    expect(shown(onB)).toEqual(shown(onA))
  })

  test('[S14] dropped, doubled or disordered, they change nothing but when an edit is seen', async () => {
    const { clock, twin, a, b, onA, onB } = await face2face()
    let n = 0
    for (const { network } of [a, b]) {
      network.direct = () => ({ copies: n++ % 3, delay: (n * 37) % 90 })
      network.latency = () => (n * 13) % 50
    }
    addTask(onA, one, { title: 'shared' })
    await clock.advance(1_000)
    for (let turn = 0; turn < 60; turn++) {
      setTask(turn % 2 ? onA : onB, one, { title: `${turn}`, labels: [`label${turn % 5}`] })
      await clock.advance(turn % 7)
    }
    await clock.advance(5_000)
    const log = merged(twin.updates(board).map(({ update }) => update))
      .getMap('tasks')
      .toJSON()
    expect([shown(onA), shown(onB)]).toEqual([log, log])
  })
})

/** Makes an edit on a device that cannot push, and gives its bytes as they would have been told. */
async function told(
  handle: { readonly doc: Y.Doc },
  clock: { settle(): Promise<void> },
): Promise<Uint8Array> {
  const updates: Uint8Array[] = []
  const note = (update: Uint8Array) => updates.push(update)
  handle.doc.on('update', note)
  addTask(handle as Parameters<typeof addTask>[0], one, { title: 'told' })
  handle.doc.off('update', note)
  await clock.settle()
  return updates[0] ?? new Uint8Array()
}

function written(client: number, text: string): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = client
  doc.getText('somewhere').insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}
