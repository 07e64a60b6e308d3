import { describe, expect, test } from 'vitest'
import { addTask, board, makeScene, one, setTask, shown, two, workspace } from './testing/scene.ts'
import { at, makeTabs } from './testing/tabs.ts'

/** A viewer with two tabs, of which the first holds a refused edit. */
async function twoTabs() {
  const scene = makeScene()
  const { clock } = scene
  const onA = scene.device('ana').engine.open(board)
  const v = scene.device('vera', { role: 'viewer' })
  const onV = v.engine.open(board)
  await clock.settle()
  const w = scene.device('vera', { role: 'viewer', besides: v })
  const onW = w.engine.open(board)
  await clock.settle()
  addTask(onA, one, { title: 'theirs' })
  await clock.advance(1_000)
  setTask(onV, one, { title: 'mine' })
  await clock.advance(1_000)
  const drop = async () => {
    const [change] = v.engine.state.get().pending
    const dropping = v.engine.discard(change?.id ?? '')
    await clock.advance(1_000)
    await dropping
  }
  return { ...scene, v, w, onA, onV, onW, drop }
}

describe('[S11] dropping what was refused', () => {
  test('a sibling tab drops it too, and does not bring it back to this one, to the device or to the server', async () => {
    const { clock, v, w, onA, onV, onW, drop } = await twoTabs()
    expect(shown(onW)).toMatchObject({ [one]: { title: 'mine' } })
    await drop()
    await clock.advance(130_000)
    for (const handle of [onV, onW]) expect(shown(handle)).toEqual(shown(onA))
    for (const device of [v, w]) expect(device.engine.state.get().pending).toEqual([])
    const { push } = w.network.calls
    await clock.advance(130_000)
    expect(w.network.calls.push).toBe(push)
    v.crash()
    w.crash()
    v.network.state = 'cut'
    v.start()
    const again = v.engine.open(board)
    await clock.advance(1_000)
    expect(shown(again)).toEqual(shown(onA))
  })

  test('a tab that comes with an older copy drops nothing that its siblings made since', async () => {
    const { clock, twin, device, v, onA, onV, drop } = await twoTabs()
    await drop()
    twin.join(workspace, 'vera', 'agent')
    v.network.cut()
    addTask(onV, two, { title: 'made since' })
    await clock.advance(1_000)
    v.storage.fault = 'unavailable'
    const late = device('vera', { besides: v })
    late.network.cut()
    late.engine.open(board)
    await clock.advance(20_000)
    expect(v.engine.state.get().pending).toMatchObject([{ entity: two }])
    v.storage.fault = null
    v.network.heal()
    v.tell('online')
    await clock.advance(60_000)
    expect(shown(onA)).toHaveProperty(two)
  })

  test('a screen that throws when it hears of it does not keep what was dropped on the device', async () => {
    const { clock, v, w, onA, onV, drop } = await twoTabs()
    onV.onReplaced(() => {
      throw new Error('a broken screen')
    })
    await drop()
    v.crash()
    w.crash()
    v.network.state = 'cut'
    v.start()
    const again = v.engine.open(board)
    await clock.advance(1_000)
    expect(shown(again)).toEqual(shown(onA))
  })

  test.each([0, 1, 2])('dropped from tab %d, it is gone in all, however they were writing', async (which) => {
    const { clock, tabs, other } = await makeTabs(3, { role: 'viewer' })
    addTask(other.handle, one, { title: 'theirs' })
    await clock.advance(100)
    for (const [n, { handle }] of tabs.entries()) setTask(handle, one, { title: `mine ${n}` })
    await clock.advance(100)
    const { engine } = at(tabs, which).device
    expect(engine.state.get().pending.length).toBeGreaterThan(0)
    const dropping = engine.discard(engine.state.get().pending[0]?.id ?? '')
    // Edits made while it is being dropped are dropped too, and may be on their way to the disk.
    for (const { handle } of tabs) setTask(handle, one, { title: 'meanwhile' })
    await clock.advance(1_000)
    await dropping
    for (const { device, handle } of tabs) {
      expect(shown(handle)).toEqual(shown(other.handle))
      expect(device.engine.state.get().pending).toEqual([])
    }
    const { storage } = at(tabs, 0).device
    expect(storage.content(board).pending).toEqual([])
    expect(storage.marks).toEqual([])
    for (const { device } of tabs) device.crash()
    const { device } = at(tabs, 0)
    device.network.state = 'cut'
    device.start()
    const again = device.engine.open(board)
    await clock.advance(1_000)
    expect(shown(again)).toEqual(shown(other.handle))
    expect(device.engine.state.get().pending).toEqual([])
  })

  test('edits made right after it was dropped are kept on the device', async () => {
    const { clock, tabs, twin, other } = await makeTabs(2, { role: 'viewer' })
    addTask(other.handle, one, { title: 'theirs' })
    await clock.advance(100)
    const [leader, follower] = [at(tabs, 0), at(tabs, 1)]
    setTask(follower.handle, one, { title: 'refused' })
    await clock.advance(100)
    leader.device.network.latency = () => 20
    const dropping = leader.device.engine.discard(leader.device.engine.state.get().pending[0]?.id ?? '')
    follower.handle.onReplaced(() => addTask(follower.handle, two, { title: 'a new start' }))
    await clock.advance(200)
    await dropping
    await clock.advance(100)
    expect(follower.device.engine.state.get().pending).toMatchObject([{ entity: two }])
    for (const { device } of tabs) device.crash()
    twin.join(workspace, 'ana', 'agent')
    leader.device.start()
    const again = leader.device.engine.open(board)
    await clock.advance(1_000)
    expect(shown(again)).toMatchObject({ [one]: { title: 'theirs' }, [two]: { title: 'a new start' } })
    expect(shown(other.handle)).toEqual(shown(again))
  })

  test('[T11] a tab that slept through it finds the new copy on the device, and brings nothing back', async () => {
    const { clock, tabs, other } = await makeTabs(2, { role: 'viewer' })
    addTask(other.handle, one, { title: 'theirs' })
    await clock.advance(100)
    const [leader, sleeper] = [at(tabs, 0), at(tabs, 1)]
    setTask(sleeper.handle, one, { title: 'refused' })
    await clock.advance(100)
    sleeper.device.tell('frozen')
    await Promise.resolve()
    sleeper.device.sleep()
    const dropping = leader.device.engine.discard(leader.device.engine.state.get().pending[0]?.id ?? '')
    await clock.advance(5_000)
    await dropping
    sleeper.device.wake()
    sleeper.device.tell('returned')
    await clock.advance(1_000)
    for (const { device, handle } of tabs) {
      expect(shown(handle)).toEqual(shown(other.handle))
      expect(device.engine.state.get().pending).toEqual([])
    }
    setTask(other.handle, one, { title: 'goes on' })
    await clock.advance(1_000)
    expect(shown(sleeper.handle)).toEqual(shown(other.handle))
  })

  test('[T9] asked of a leader that dies before it answers, it is done by the one that asked', async () => {
    const { clock, v, w, onA, onW } = await twoTabs()
    v.sleep()
    const [change] = w.engine.state.get().pending
    const dropping = w.engine.discard(change?.id ?? '')
    await clock.advance(100)
    v.crash()
    await clock.advance(2_000)
    await dropping
    expect(shown(onW)).toEqual(shown(onA))
    expect(w.engine.state.get().pending).toEqual([])
  })

  test('nothing is dropped while the server cannot be read, and whoever asked is told', async () => {
    const { clock, tabs, other } = await makeTabs(2, { role: 'viewer' })
    addTask(other.handle, one, { title: 'theirs' })
    await clock.advance(100)
    const [leader, follower] = [at(tabs, 0), at(tabs, 1)]
    setTask(follower.handle, one, { title: 'refused' })
    await clock.advance(100)
    leader.device.network.cut()
    const dropping = follower.device.engine.discard(follower.device.engine.state.get().pending[0]?.id ?? '')
    await Promise.all([expect(dropping).rejects.toThrow(/cut/), clock.advance(1_000)])
    expect(shown(leader.handle)).toMatchObject({ [one]: { title: 'refused' } })
    expect(follower.device.engine.state.get().pending).toHaveLength(1)
  })

  test('[T14] a tab that has the newer copy gives it to a leader that read the older one from the device', async () => {
    const { clock, twin, device } = makeScene()
    const leads = device('vera', { role: 'viewer' })
    const next = device('vera', { role: 'viewer', besides: leads })
    const onLeader = leads.engine.open(board)
    await clock.advance(1_000)
    const has = device('vera', { role: 'viewer', besides: leads })
    const onHas = has.engine.open(board)
    await clock.advance(1_000)
    addTask(onLeader, one, { title: 'refused' })
    await clock.advance(1_000)
    leads.storage.fault = 'full'
    const [change] = leads.engine.state.get().pending
    void leads.engine.discard(change?.id ?? '')
    await clock.advance(3_000)
    expect(shown(onHas)).toEqual({})
    leads.crash()
    leads.storage.fault = null
    twin.join(workspace, 'vera', 'agent')
    const onOther = device('ana').engine.open(board)
    await clock.advance(1_000)
    addTask(onOther, two, { title: 'goes on' })
    await clock.advance(130_000)
    expect(shown(onOther)).toHaveProperty(two)
    for (const handle of [onHas, next.engine.open(board)]) expect(shown(handle)).toEqual(shown(onOther))
  })
})
