import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import {
  addTask,
  board,
  makeScene,
  removeTask,
  numbered,
  one,
  setTask,
  shown,
  twoDevices,
} from './testing/scene.ts'

describe('the device', () => {
  test('[D2] all edits of a tick are one transaction', async () => {
    const { clock, a, onA } = await twoDevices()
    await clock.settle()
    a.network.cut()
    a.tell('offline')
    await clock.settle()
    const before = a.storage.transactions
    for (let n = 0; n < 500; n++) addTask(onA, numbered(100 + n), { title: String(n) })
    await clock.settle()
    expect(a.storage.transactions).toBe(before + 1)
    expect(a.storage.content(board).updates.length).toBeLessThanOrEqual(5 + before)
  })

  test('[D3] a page that is hidden writes at once, before any timer', async () => {
    const { a, onA } = await twoDevices()
    a.network.latency = () => 5
    addTask(onA, one, { title: 'last words' })
    a.tell('hidden')
    for (let n = 0; n < 20; n++) await Promise.resolve()
    expect(a.storage.content(board).pending).toHaveLength(1)
  })

  test('[D3] what only this device has is written without reading first', async () => {
    const { clock, a, onA } = await twoDevices()
    await clock.advance(2_000)
    const written = a.storage.written.length
    a.network.cut()
    a.tell('offline')
    addTask(onA, one, { title: 'alone' })
    await clock.settle()
    const [batch] = a.storage.written.slice(written)
    expect(batch?.updates).toHaveLength(1)
    expect(batch).not.toHaveProperty('sync')
  })

  test.each(['full', 'unavailable', 'blocked'] as const)(
    '[D4] storage that is %s: edits go on, are said to be in memory, and are written when it is back',
    async (fault) => {
      const { clock, a, onA, onB } = await twoDevices()
      a.network.cut()
      a.tell('offline')
      await clock.settle()
      a.storage.fault = fault === 'blocked' ? 'unavailable' : fault
      addTask(onA, one, { title: 'kept' })
      await clock.advance(100)
      expect(a.engine.state.get()).toMatchObject({
        storage: fault === 'full' ? 'full' : 'memory-only',
        pending: [{ state: 'memory' }],
      })
      a.storage.fault = fault
      await clock.advance(65_000)
      a.storage.fault = null
      await clock.advance(65_000)
      expect(a.engine.state.get()).toMatchObject({ storage: 'ok', pending: [{ state: 'device' }] })
      a.crash()
      a.network.heal()
      a.start()
      a.engine.open(board)
      await clock.advance(1_000)
      expect(shown(onB)).toMatchObject({ [one]: { title: 'kept' } })
    },
  )

  test('[D4] storage that is blocked from the start does not keep the document from loading', async () => {
    const scene = makeScene()
    const a = scene.device('ana')
    a.storage.fault = 'blocked'
    const onA = a.engine.open(board)
    addTask(onA, one, { title: 'typed at once' })
    await scene.clock.advance(6_000)
    await onA.loaded
    expect(a.engine.state.get()).toMatchObject({ storage: 'memory-only', pending: [] })
    expect(scene.twin.updates(board)).toHaveLength(1)
    a.storage.fault = null
    await scene.clock.advance(31_000)
    expect(a.engine.state.get().storage).toBe('ok')
    expect(a.storage.content(board).updates).toHaveLength(1)
  })

  test('[D5] many stored updates become one when the document rests', async () => {
    const { clock, a, onA } = await twoDevices()
    for (let n = 0; n < 250; n++) {
      setTask(onA, one, { title: String(n) })
      addTask(onA, one, { title: String(n) })
      await clock.advance(1)
    }
    expect(a.storage.content(board).updates.length).toBeGreaterThan(200)
    await clock.advance(3_000)
    expect(a.storage.content(board).updates).toHaveLength(1)
  })

  test('storage wiped: everything acknowledged comes back by itself', async () => {
    const { clock, b, onA } = await twoDevices()
    addTask(onA, one, { title: 'kept' })
    await clock.advance(100)
    b.crash()
    b.storage.wipe()
    b.start()
    const again = b.engine.open(board)
    expect(again.isEmptyLocally()).toBe(true)
    await clock.advance(100)
    await again.filled
    expect(again.isEmptyLocally()).toBe(false)
    expect(shown(again)).toEqual(shown(onA))
  })

  test('a document is let go only when the server has all of it', async () => {
    const { clock, a, onA, twin } = await twoDevices()
    a.network.cut()
    a.tell('offline')
    addTask(onA, one, { title: 'kept' })
    onA.release()
    await clock.settle()
    expect(a.engine.state.get().pending).toHaveLength(1)
    a.network.heal()
    a.tell('online')
    await clock.advance(1_000)
    expect(twin.updates(board)).toHaveLength(1)
    expect(a.engine.state.get().pending).toEqual([])
    expect(onA.doc.isDestroyed).toBe(true)
  })

  test('an edit made by an editor outside of change() is stored, pushed, and listed by what it touched', async () => {
    const { clock, a, onA, onB } = await twoDevices()
    addTask(onA, one, { title: 'with text' })
    await clock.advance(100)
    a.network.cut()
    a.tell('offline')
    const map = onA.doc.getMap('tasks').get(one)
    const text = map instanceof Y.Map ? map.get('description') : null
    if (text instanceof Y.Text) text.insert(0, 'typed')
    await clock.settle()
    expect(a.engine.state.get().pending).toMatchObject([
      { collection: 'tasks', entity: one, fields: ['description'], state: 'device' },
    ])
    a.network.heal()
    a.tell('online')
    await clock.advance(100)
    expect(shown(onB)).toMatchObject({ [one]: { description: 'typed' } })
  })
})

describe('two tabs of one person', () => {
  test('[T1] see each other offline, store an edit once, and push it once', async () => {
    const scene = makeScene()
    const first = scene.device('ana')
    const second = scene.device('ana', { besides: first })
    const b = scene.device('bruno')
    const onFirst = first.engine.open(board)
    const onSecond = second.engine.open(board)
    const onB = b.engine.open(board)
    await scene.clock.settle()
    for (const tab of [first, second]) {
      tab.network.cut()
      tab.tell('offline')
    }
    addTask(onFirst, one, { title: 'offline' })
    await scene.clock.settle()
    expect(shown(onSecond)).toEqual(shown(onFirst))
    expect(first.storage.content(board).updates).toHaveLength(1)
    for (const tab of [first, second]) {
      tab.network.heal()
      tab.tell('online')
      await scene.clock.advance(1_000)
    }
    expect(shown(onB)).toEqual(shown(onFirst))
    expect(scene.twin.updates(board)).toHaveLength(1)
  })

  test('[T1] an edit of a tab that died before it pushed is pushed by its sibling', async () => {
    const scene = makeScene()
    const first = scene.device('ana')
    const second = scene.device('ana', { besides: first })
    const onFirst = first.engine.open(board)
    second.engine.open(board)
    await scene.clock.settle()
    first.network.state = 'silent'
    addTask(onFirst, one, { title: 'orphan' })
    await scene.clock.settle()
    first.crash()
    expect(scene.twin.updates(board)).toHaveLength(0)
    await scene.clock.advance(61_000)
    expect(scene.twin.updates(board)).toHaveLength(1)
  })

  test('[T1] a tab opened offline gets what its sibling had not yet written', async () => {
    const scene = makeScene()
    const first = scene.device('ana')
    first.network.state = 'cut'
    const onFirst = first.engine.open(board)
    await scene.clock.settle()
    first.storage.fault = 'full'
    addTask(onFirst, one, { title: 'in memory' })
    await scene.clock.settle()
    first.storage.fault = null
    const second = scene.device('ana', { besides: first })
    second.network.state = 'cut'
    const onSecond = second.engine.open(board)
    await scene.clock.settle()
    expect(shown(onSecond)).toEqual(shown(onFirst))
  })

  test('[T1] a deletion of a tab that died before it pushed is pushed by its sibling', async () => {
    const scene = makeScene()
    const first = scene.device('ana')
    const second = scene.device('ana', { besides: first })
    const b = scene.device('bruno')
    const onFirst = first.engine.open(board)
    second.engine.open(board)
    const onB = b.engine.open(board)
    await scene.clock.settle()
    addTask(onFirst, one, { title: 'orphan' })
    await scene.clock.advance(100)
    expect(shown(onB)).toHaveProperty(one)
    first.network.state = 'silent'
    removeTask(onFirst, one)
    await scene.clock.settle()
    first.crash()
    await scene.clock.advance(61_000)
    expect(shown(onB)).toEqual({})
    const lines = scene.twin.updates(board).length
    await scene.clock.advance(200_000)
    expect(scene.twin.updates(board)).toHaveLength(lines)
  })

  test('[S3] a sibling’s edit that was never stored is stored by the tab that pushes it, before the cursor passes it', async () => {
    const scene = makeScene()
    const first = scene.device('ana')
    const second = scene.device('ana', { besides: first })
    const onFirst = first.engine.open(board)
    second.engine.open(board)
    await scene.clock.settle()
    first.network.state = 'silent'
    addTask(onFirst, one, { title: 'in memory only' })
    first.crash()
    await scene.clock.advance(61_000)
    expect(scene.twin.updates(board)).toHaveLength(1)
    second.crash()
    second.network.state = 'cut'
    second.start()
    const again = second.engine.open(board)
    await scene.clock.settle()
    expect(shown(again)).toHaveProperty(one)
  })

  test('[T1] an edit typed into a sibling’s unsaved edit does not depend on it being saved', async () => {
    const scene = makeScene()
    const first = scene.device('ana')
    const second = scene.device('ana', { besides: first })
    const b = scene.device('bruno')
    const onFirst = first.engine.open(board)
    const onSecond = second.engine.open(board)
    const onB = b.engine.open(board)
    await scene.clock.settle()
    for (const tab of [first, second]) tab.network.state = 'cut'
    onFirst.doc.getText('t').insert(0, 'never saved by its own tab')
    first.crash()
    await scene.clock.settle()
    onSecond.doc.getText('t').insert(11, ' but')
    await scene.clock.settle()
    expect(second.engine.state.get().pending).toMatchObject([{ state: 'device' }])
    second.crash()
    second.network.state = 'up'
    second.start()
    second.engine.open(board)
    await scene.clock.advance(1_000)
    expect(onB.doc.getText('t').toJSON()).toBe('never saved but by its own tab')
  })
})
