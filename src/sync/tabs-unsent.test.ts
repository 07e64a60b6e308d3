import { describe, expect, test } from 'vitest'
import {
  addTask,
  board,
  makeScene,
  one,
  removeTask,
  setTask,
  shown,
  two,
  workspace,
} from './testing/scene.ts'
import { at, makeTabs } from './testing/tabs.ts'

const inbox = `ws/${workspace}/inbox`

describe('[D7] marks of what is unsent', () => {
  test('a mark is there before an edit is called on this device, and gone when nothing is pending', async () => {
    const { clock, tabs } = await makeTabs(1)
    const { device, handle } = at(tabs, 0)
    device.network.cut()
    await clock.advance(100)
    expect(device.storage.marks).toEqual([])
    const marks: number[] = []
    device.engine.state.subscribe(({ pending }) => {
      if (pending.some(({ state }) => state === 'device')) marks.push(device.storage.marks.length)
    })
    addTask(handle, one, { title: 'kept' })
    await clock.advance(100)
    expect(device.engine.state.get().pending).toMatchObject([{ state: 'device' }])
    expect(device.storage.marks).toMatchObject([{ doc: board, workspace }])
    expect(marks.length).toBeGreaterThan(0)
    expect(marks).not.toContain(0)
    device.network.heal()
    device.tell('online')
    await clock.advance(1_000)
    expect(device.storage.marks).toEqual([])
  })

  test('a mark that cannot be written keeps the edit from being called safe', async () => {
    const { clock, tabs } = await makeTabs(1)
    const { device, handle } = at(tabs, 0)
    device.network.cut()
    const { mark } = device.storage
    device.storage.mark = () => new Promise(() => {})
    addTask(handle, one, { title: 'kept' })
    await clock.advance(5_000)
    expect(device.engine.state.get().pending).toMatchObject([{ state: 'memory' }])
    device.storage.mark = mark
    await clock.advance(60_000)
    expect(device.engine.state.get()).toMatchObject({ storage: 'ok', pending: [{ state: 'device' }] })
    expect(device.storage.marks).toHaveLength(1)
  })

  test('while a sibling’s edit of the document is pending, no mark of it goes', async () => {
    const { clock, tabs } = await makeTabs(2)
    at(tabs, 0).device.network.cut()
    addTask(at(tabs, 0).handle, one, { title: 'mine' })
    addTask(at(tabs, 1).handle, two, { title: 'and mine' })
    await clock.advance(100)
    expect(at(tabs, 0).device.storage.marks).toHaveLength(2)
    at(tabs, 0).device.crash()
    at(tabs, 1).device.network.cut()
    await clock.advance(120_000)
    expect(at(tabs, 1).device.storage.marks).toHaveLength(2)
    at(tabs, 1).device.network.heal()
    at(tabs, 1).device.tell('online')
    await clock.advance(1_000)
    expect(at(tabs, 1).device.storage.marks).toEqual([])
  })
})

describe('[T8] what dead tabs left', () => {
  test('a document that no screen opens is opened until it is sent', async () => {
    const { clock, twin, device } = makeScene()
    const first = device('ana')
    first.network.state = 'cut'
    addTask(first.engine.open(inbox), one, { title: 'left behind' })
    await clock.advance(1_000)
    first.crash()
    first.network.heal()
    first.start()
    first.engine.open(board)
    await clock.advance(1_000)
    expect(twin.updates(inbox)).toHaveLength(1)
    expect(first.engine.state.get().pending).toEqual([])
    expect(first.storage.marks).toEqual([])
    const { pull } = first.network.calls
    addTask(first.engine.open(board), two, { title: 'goes on' })
    await clock.advance(1_000)
    expect(first.network.calls.pull).toBe(pull)
  })

  test('a deletion alone, left by a dead tab in a document that nobody opens', async () => {
    const { clock, device } = makeScene()
    const onOther = device('bruno').engine.open(inbox)
    const first = device('ana')
    const handle = first.engine.open(inbox)
    await clock.advance(100)
    addTask(onOther, one, { title: 'to go' })
    await clock.advance(100)
    first.network.state = 'cut'
    removeTask(handle, one)
    await clock.advance(100)
    first.crash()
    first.network.heal()
    first.start()
    await clock.advance(1_000)
    expect(shown(onOther)).toEqual({})
  })

  test('what a follower stored and did not live to tell is found when its lock is free', async () => {
    const { clock, twin, tabs, other } = await makeTabs(2)
    const [leader, follower] = [at(tabs, 0), at(tabs, 1)]
    leader.device.sleep()
    addTask(follower.device.engine.open(inbox), one, { title: 'told to nobody awake' })
    setTask(follower.handle, one, { title: 'nothing there' })
    addTask(follower.handle, two, { title: 'on the board' })
    await clock.advance(500)
    follower.device.crash()
    leader.device.wake()
    await clock.advance(1_000)
    expect(twin.updates(inbox)).toHaveLength(1)
    expect(shown(other.handle)).toHaveProperty(two)
    expect(leader.device.storage.marks).toEqual([])
  })

  test('an edit whose tab died between storing and marking it is found because it was told', async () => {
    const { clock, twin, tabs } = await makeTabs(2)
    const [leader, follower] = [at(tabs, 0), at(tabs, 1)]
    const { storage } = leader.device
    const { mark } = storage
    leader.device.network.cut()
    storage.mark = () => new Promise(() => {})
    addTask(leader.device.engine.open(inbox), one, { title: 'stored, not marked' })
    await clock.advance(1_000)
    leader.device.crash()
    storage.mark = mark
    expect(storage.content(inbox).pending).toHaveLength(1)
    await clock.advance(2_000)
    expect(twin.updates(inbox)).toHaveLength(1)
    expect(follower.device.engine.state.get().pending).toEqual([])
  })

  test('documents of another workspace are left to whoever leads there', async () => {
    const { clock, twin, device } = makeScene()
    const elsewhere = '5a1f0000-3d52-4a1f-9d55-0d5a6b1c2e3f'
    const there = device('ana', { workspace: elsewhere })
    there.network.state = 'cut'
    addTask(there.engine.open(`ws/${elsewhere}/inbox`), one, { title: 'waits' })
    await clock.advance(1_000)
    there.crash()
    const here = device('ana', { besides: there })
    here.engine.open(board)
    await clock.advance(120_000)
    expect(here.engine.connection.get().kind).toBe('live')
    expect(twin.updates(`ws/${elsewhere}/inbox`)).toHaveLength(0)
    expect(here.storage.marks).toHaveLength(1)
  })

  test('a mark whose document cannot be read now is not taken away', async () => {
    const { clock, twin, device } = makeScene()
    const first = device('ana')
    first.network.state = 'cut'
    addTask(first.engine.open(inbox), one, { title: 'left behind' })
    await clock.advance(1_000)
    first.crash()
    first.network.heal()
    first.storage.fault = 'unavailable'
    first.start()
    await clock.advance(100_000)
    first.storage.fault = null
    expect(first.storage.marks).toHaveLength(1)
    await clock.advance(100_000)
    expect(twin.updates(inbox)).toHaveLength(1)
    expect(first.storage.marks).toEqual([])
  })

  test('[T11] a tab that was frozen while its marks were taken away marks again', async () => {
    const { clock, twin, tabs } = await makeTabs(2)
    const [leader, sleeper] = [at(tabs, 0), at(tabs, 1)]
    leader.device.network.cut()
    addTask(sleeper.handle, one, { title: 'before' })
    await clock.advance(100)
    sleeper.device.tell('frozen')
    await Promise.resolve()
    sleeper.device.sleep()
    leader.device.network.heal()
    leader.device.tell('online')
    await clock.advance(1_000)
    expect(twin.updates(board)).toHaveLength(1)
    expect(leader.device.storage.marks).toEqual([])
    sleeper.device.wake()
    sleeper.device.tell('returned')
    await clock.advance(100)
    leader.device.network.cut()
    addTask(sleeper.handle, two, { title: 'after' })
    await clock.advance(100)
    expect(sleeper.device.engine.state.get().pending).toMatchObject([{ entity: two, state: 'device' }])
    expect(leader.device.storage.marks).toHaveLength(1)
  })

  test('where there are no locks, what is unsent is opened too, and no mark of others is taken away', async () => {
    const { clock, twin, device } = makeScene()
    const first = device('ana', { alone: true })
    first.network.state = 'cut'
    addTask(first.engine.open(inbox), one, { title: 'left behind' })
    await clock.advance(1_000)
    first.crash()
    first.network.heal()
    first.start()
    await clock.advance(1_000)
    expect(twin.updates(inbox)).toHaveLength(1)
    expect(first.engine.state.get().pending).toEqual([])
  })
})
