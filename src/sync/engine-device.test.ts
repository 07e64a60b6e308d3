import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { addTask, board, makeScene, numbered, one, setTask, shown, twoDevices } from './testing/scene.ts'

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
