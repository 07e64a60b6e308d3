import { describe, expect, test } from 'vitest'
import { addTask, board, one, setTask, shown, two } from './testing/scene.ts'
import { at, makeTabs } from './testing/tabs.ts'

describe('[T2] one tab leads', () => {
  test('six tabs hold one websocket, ask the log once, and store what it brings once', async () => {
    const { clock, tabs, other, leaders } = await makeTabs(6)
    expect(leaders()).toEqual([at(tabs, 0)])
    const stored = at(tabs, 0).device.storage.written.length
    addTask(other.handle, one, { title: 'from another device' })
    await clock.advance(1_000)
    for (const { handle, device } of tabs) {
      expect(shown(handle)).toEqual(shown(other.handle))
      expect(device.engine.connection.get().kind).toBe('live')
      expect(device.engine.state.get().lastSyncedAt).not.toBeNull()
    }
    const writes = at(tabs, 0).device.storage.written.slice(stored)
    expect(writes.flatMap(({ updates }) => updates)).toHaveLength(1)
    await clock.advance(600_000)
    for (const { device } of tabs.slice(1))
      expect(device.network.calls).toEqual({ push: 0, pull: 0, joins: 0 })
  })

  test('[D2] while nothing happens nothing is written, by whichever tab', async () => {
    const { clock, tabs } = await makeTabs(2)
    addTask(at(tabs, 1).handle, one, { title: 'the last edit for hours' })
    await clock.advance(1_000)
    const { storage } = at(tabs, 0).device
    const { transactions } = storage
    await clock.advance(3_600_000)
    expect(storage.transactions).toBe(transactions)
  })

  test('[T4] what a follower edits is pushed by the leader at once, once, and stored once', async () => {
    const { clock, twin, tabs, other } = await makeTabs(3)
    const { storage } = at(tabs, 0).device
    const stored = storage.written.length
    addTask(at(tabs, 2).handle, one, { title: 'mine' })
    await clock.advance(100)
    expect(shown(other.handle)).toHaveProperty(one)
    expect(twin.updates(board)).toHaveLength(1)
    expect(at(tabs, 0).device.network.calls.push).toBe(1)
    await clock.advance(1_000)
    expect(storage.written.slice(stored).flatMap(({ updates }) => updates)).toHaveLength(1)
    for (const { device } of tabs)
      expect(device.engine.state.get()).toMatchObject({ pending: [], sending: false })
    expect(storage.content(board).pending).toEqual([])
  })

  test.each(['dies', 'stops'] as const)('a leader that %s is followed within a second', async (how) => {
    const { clock, tabs, other, leaders } = await makeTabs(3)
    const leader = at(tabs, 0)
    if (how === 'dies') leader.device.crash()
    else void leader.device.engine.stop()
    addTask(at(tabs, 2).handle, one, { title: 'in that very moment' })
    await clock.advance(900)
    expect(leaders()).toHaveLength(1)
    expect(shown(other.handle)).toHaveProperty(one)
    for (const { device } of tabs.slice(1)) {
      expect(device.engine.connection.get().kind).toBe('live')
      expect(device.engine.state.get().pending).toEqual([])
    }
    setTask(other.handle, one, { title: 'and back' })
    await clock.advance(100)
    expect(shown(at(tabs, 1).handle)).toEqual(shown(other.handle))
  })

  test('a leader that dies with an edit of a follower on its way: the next one brings it, once', async () => {
    const { clock, twin, tabs, other } = await makeTabs(2)
    const [leader, follower] = [at(tabs, 0), at(tabs, 1)]
    leader.device.network.latency = () => 50
    addTask(follower.handle, one, { title: 'mine' })
    await clock.advance(60)
    leader.device.crash()
    await clock.advance(1_000)
    expect(shown(other.handle)).toHaveProperty(one)
    expect(twin.updates(board)).toHaveLength(1)
    expect(follower.device.engine.state.get().pending).toEqual([])
  })

  test('hidden for five seconds while somebody looks at another tab, it hands over; a glance elsewhere moves nothing', async () => {
    const { clock, tabs, leaders } = await makeTabs(3)
    for (const { device } of tabs.slice(1)) device.tell('hidden')
    at(tabs, 0).device.tell('hidden')
    await clock.advance(60_000)
    expect(leaders()).toEqual([at(tabs, 0)])
    at(tabs, 0).device.tell('visible')
    await clock.advance(1_000)
    at(tabs, 0).device.tell('hidden')
    at(tabs, 2).device.tell('visible')
    await clock.advance(4_000)
    expect(leaders()).toEqual([at(tabs, 0)])
    await clock.advance(2_000)
    expect(leaders()).toEqual([at(tabs, 2)])
    expect(at(tabs, 2).device.engine.connection.get().kind).toBe('live')
    at(tabs, 2).device.crash()
    await clock.advance(500)
    expect(leaders()).toHaveLength(1)
  })

  test('one that answers nothing is taken from by a tab that somebody looks at, and does no harm when it wakes', async () => {
    const { clock, twin, tabs, other, leaders } = await makeTabs(3)
    const [leader, hidden, looked] = [at(tabs, 0), at(tabs, 1), at(tabs, 2)]
    hidden.device.tell('hidden')
    await clock.advance(10_000)
    leader.device.sleep()
    await clock.advance(6_000)
    addTask(looked.handle, one, { title: 'not heard by anybody' })
    await clock.advance(3_000)
    expect(shown(other.handle)).toHaveProperty(one)
    expect(looked.device.network.joined).not.toEqual([])
    const lines = twin.updates(board).length
    leader.device.wake()
    await clock.advance(1_000)
    expect(leaders()).toEqual([looked])
    expect(shown(leader.handle)).toEqual(shown(other.handle))
    addTask(leader.handle, two, { title: 'as a follower' })
    await clock.advance(200_000)
    expect(shown(other.handle)).toHaveProperty(two)
    expect(twin.updates(board)).toHaveLength(lines + 1)
  })

  test('a tab that nobody looks at takes nothing from a leader that sleeps', async () => {
    const { clock, tabs } = await makeTabs(2)
    at(tabs, 1).device.tell('hidden')
    at(tabs, 0).device.sleep()
    await clock.advance(60_000)
    expect(at(tabs, 1).device.network.calls.joins).toBe(0)
  })

  test('[T11] a frozen leader lets go; back again it follows, and holds what came meanwhile', async () => {
    const { clock, tabs, other, leaders } = await makeTabs(2)
    const [leader, follower] = [at(tabs, 0), at(tabs, 1)]
    leader.device.tell('hidden')
    leader.device.tell('frozen')
    await Promise.resolve()
    leader.device.sleep()
    await clock.advance(900)
    expect(leaders()).toEqual([follower])
    addTask(follower.handle, one, { title: 'meanwhile' })
    addTask(other.handle, two, { title: 'and from elsewhere' })
    await clock.advance(1_000)
    leader.device.wake()
    leader.device.tell('returned')
    leader.device.tell('visible')
    await clock.advance(1_000)
    expect(leaders()).toEqual([follower])
    expect(shown(leader.handle)).toEqual(shown(other.handle))
    expect(leader.device.engine.connection.get().kind).toBe('live')
  })

  test('two workspaces on one device have a leader each and do not hear each other', async () => {
    const { clock, twin, tabs, device } = await makeTabs(1)
    const elsewhere = '5a1f0000-3d52-4a1f-9d55-0d5a6b1c2e3f'
    const second = device('ana', { besides: at(tabs, 0).device, workspace: elsewhere })
    const handle = second.engine.open(`ws/${elsewhere}/board/main`)
    await clock.advance(1_000)
    addTask(handle, one, { title: 'there' })
    addTask(at(tabs, 0).handle, two, { title: 'here' })
    await clock.advance(1_000)
    expect(second.engine.connection.get().kind).toBe('live')
    expect(twin.updates(`ws/${elsewhere}/board/main`)).toHaveLength(1)
    expect(twin.updates(board)).toHaveLength(1)
    second.crash()
    await clock.advance(1_000)
    expect(at(tabs, 0).device.engine.connection.get().kind).toBe('live')
  })

  test('many tabs come, go, sleep and are looked at: there is always one, and never two for long', async () => {
    const { clock, tabs, other, another, leaders } = await makeTabs(4)
    for (let n = 0; n < 24; n++) {
      const tab = at(tabs, n % 4)
      const moves = [
        () => tab.device.tell('hidden'),
        () => tab.device.tell('visible'),
        () => tab.device.crash(),
        () => void another(),
      ] as const
      moves[(n * 7) % 4]?.()
      await clock.advance(3_100)
      expect(leaders().length).toBeLessThanOrEqual(1)
    }
    const last = another()
    await clock.advance(15_000)
    expect(leaders()).toHaveLength(1)
    addTask(last.handle, one, { title: 'still' })
    await clock.advance(1_000)
    expect(shown(other.handle)).toHaveProperty(one)
  })
})
