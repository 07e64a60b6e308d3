import { describe, expect, test } from 'vitest'
import { addTask, board, makeScene, one, removeTask, shown, two } from './testing/scene.ts'

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
    expect(second.engine.state.get().pending).toMatchObject([{ state: 'device' }, { state: 'device' }])
    second.crash()
    second.network.state = 'up'
    second.start()
    second.engine.open(board)
    await scene.clock.advance(1_000)
    expect(onB.doc.getText('t').toJSON()).toBe('never saved but by its own tab')
  })

  test('[T1] what a sibling deleted in its last moment reaches the server though this tab is reloaded too', async () => {
    const scene = makeScene()
    const { clock } = scene
    const onB = scene.device('bruno').engine.open(board)
    const v = scene.device('ana')
    const onV = v.engine.open(board)
    await clock.settle()
    const w = scene.device('ana', { besides: v })
    const onW = w.engine.open(board)
    await clock.settle()
    addTask(onB, one, { title: 'to be deleted' })
    await clock.advance(1_000)
    removeTask(onV, one)
    v.crash()
    await clock.settle()
    expect(shown(onW)).toEqual({})
    addTask(onW, two, { title: 'stands on it' })
    await clock.advance(1_000)
    w.crash()
    w.start()
    const again = w.engine.open(board)
    await clock.advance(130_000)
    expect(shown(again)).toEqual(shown(onB))
  })
})
