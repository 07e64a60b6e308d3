import { describe, expect, test } from 'vitest'
import { LogServerError, type TabMessage } from './ports.ts'
import { addTask, board, makeScene, one, setTask, shown, two } from './testing/scene.ts'
import { at, makeTabs } from './testing/tabs.ts'

/** Something that only a later version says. */
const later = (tab: string) => ({ protocol: 2, tab, kind: 'whatever' }) as unknown as TabMessage // of a later grammar

describe('[T12] two versions of the app in two tabs', () => {
  test('the older asks to be loaded anew, leads and pushes no more, and keeps its edits on the device', async () => {
    const { clock, twin, tabs, leaders } = await makeTabs(2)
    const [leader, follower] = [at(tabs, 0), at(tabs, 1)]
    leader.device.say(later('newer'))
    await clock.advance(1_000)
    expect(leaders()).toEqual([])
    for (const { device, handle } of tabs) {
      expect(device.engine.connection.get().kind).toBe('incompatible')
      addTask(handle, device === leader.device ? one : two, { title: 'kept' })
    }
    await clock.advance(120_000)
    expect(twin.updates(board)).toHaveLength(0)
    expect(leader.device.storage.content(board).pending).toHaveLength(2)
    expect(leader.device.storage.marks).toHaveLength(2)
    expect(follower.device.engine.state.get().pending).toHaveLength(2)
    expect(shown(follower.handle)).toEqual(shown(leader.handle))
    // Loaded anew they are the newer version.
    for (const { device } of tabs) device.crash()
    leader.device.start()
    leader.device.engine.open(board)
    await clock.advance(1_000)
    expect(twin.updates(board)).toHaveLength(1)
    expect(leader.device.storage.marks).toEqual([])
  })

  test('a tab that hears an older one says that it is there, once', async () => {
    const { clock, tabs } = await makeTabs(1)
    const { device } = at(tabs, 0)
    const heard: TabMessage[] = []
    const bus = device.listen((message) => heard.push(message))
    const older = { protocol: 0, tab: 'older', kind: 'update' } as unknown as TabMessage // of an earlier grammar
    device.say(older)
    device.say(older)
    await clock.advance(100)
    expect(heard.filter(({ kind }) => kind === 'here')).toHaveLength(1)
    expect(device.engine.connection.get().kind).toBe('live')
    bus()
  })

  test('[D8] storage written by a newer version is added to, and nothing of it is changed', async () => {
    const { clock, device } = makeScene()
    const onOther = device('bruno').engine.open(board)
    const a = device('ana')
    const handle = a.engine.open(board)
    await clock.advance(100)
    for (let n = 0; n < 3; n++) setTask(handle, one, { title: String(n) })
    addTask(handle, one, { title: 'known' })
    await clock.advance(1_000)
    a.crash()
    a.storage.spoil(board, (content) => ({ ...content, format: 2 }))
    const before = a.storage.content(board)
    a.start()
    const again = a.engine.open(board)
    await clock.advance(1_000)
    expect(a.engine.connection.get().kind).toBe('incompatible')
    addTask(again, two, { title: 'added' })
    await clock.advance(120_000)
    const after = a.storage.content(board)
    expect(after.updates.slice(0, before.updates.length)).toEqual(before.updates)
    expect(after.sync).toEqual(before.sync)
    expect(after).toMatchObject({ format: 2, pending: [{ entity: two }] })
    expect(shown(onOther)).not.toHaveProperty(two)
  })

  test('an app older than the server says so in every tab', async () => {
    const { clock, tabs } = await makeTabs(2)
    at(tabs, 0).device.network.fail = () => new LogServerError('incompatible', 'no function push')
    addTask(at(tabs, 1).handle, one, { title: 'kept' })
    await clock.advance(1_000)
    for (const { device } of tabs) expect(device.engine.connection.get().kind).toBe('incompatible')
  })
})
