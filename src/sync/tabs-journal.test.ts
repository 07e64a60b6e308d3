import { describe, expect, test } from 'vitest'
import { LogServerError } from './ports.ts'
import { addTask, board, one, setTask, shown, two, workspace } from './testing/scene.ts'
import { at, makeTabs } from './testing/tabs.ts'

const inbox = `ws/${workspace}/inbox`

describe('[T6] the journal is of the whole profile', () => {
  test('every tab lists what any of them has not sent, of documents that it has not open too', async () => {
    const { clock, tabs } = await makeTabs(3)
    const [leader, writer, reader] = [at(tabs, 0), at(tabs, 1), at(tabs, 2)]
    leader.device.network.cut()
    addTask(writer.handle, one, { title: 'on the board' })
    addTask(writer.device.engine.open(inbox), two, { title: 'in the inbox' })
    await clock.advance(100)
    for (const { device } of tabs)
      expect(device.engine.state.get().pending).toMatchObject([
        { doc: board, entity: one, state: 'device' },
        { doc: inbox, entity: two, state: 'device' },
      ])
    writer.device.storage.fault = 'full'
    setTask(writer.handle, one, { title: 'not stored' })
    await clock.advance(100)
    expect(reader.device.engine.state.get().pending).toMatchObject([{ state: 'memory' }, { state: 'device' }])
    writer.device.storage.fault = null
    leader.device.network.heal()
    leader.device.tell('online')
    await clock.advance(100_000)
    for (const { device } of tabs) expect(device.engine.state.get().pending).toEqual([])
  })

  test('a tab that is opened later lists it too', async () => {
    const { clock, tabs, another } = await makeTabs(2)
    at(tabs, 0).device.network.cut()
    addTask(at(tabs, 1).device.engine.open(inbox), two, { title: 'waits' })
    await clock.advance(100)
    const late = another()
    await clock.advance(100)
    expect(late.device.engine.state.get().pending).toMatchObject([{ doc: inbox, state: 'device' }])
  })

  test('a change that a tab found on the device as it was being settled is settled there too', async () => {
    const { clock, tabs, another } = await makeTabs(1)
    const leader = at(tabs, 0)
    leader.device.network.latency = () => 20
    addTask(leader.handle, one, { title: 'nearly sent' })
    await clock.advance(10)
    // It reads the device as it was before the word that settles it, which it was too late to hear.
    const { storage } = leader.device
    const stale = storage.content(board)
    expect(stale.pending).toHaveLength(1)
    const { open } = storage
    storage.open = async (id) => ({ ...(await open(id)), read: async () => stale })
    await clock.advance(1_000)
    const late = another()
    await clock.advance(130_000)
    expect(late.device.engine.state.get().pending).toEqual([])
  })

  test('what is under way is said to be, in every tab, and what joins it meanwhile is not taken for sent', async () => {
    const { clock, tabs, other } = await makeTabs(2)
    const [leader, follower] = [at(tabs, 0), at(tabs, 1)]
    leader.device.network.latency = () => 100
    addTask(follower.handle, one, { title: 'first' })
    await clock.advance(50)
    expect(follower.device.engine.state.get()).toMatchObject({
      sending: true,
      pending: [{ state: 'sending' }],
    })
    setTask(follower.handle, one, { title: 'second' })
    await clock.advance(100)
    const during = follower.device.engine.state.get().pending
    expect(during.map(({ state }) => state)).toEqual(['sending', 'device'])
    await clock.advance(100)
    expect(follower.device.engine.state.get().pending.map(({ fields }) => fields)).toEqual([['title']])
    await clock.advance(1_000)
    expect(follower.device.engine.state.get()).toMatchObject({ sending: false, pending: [] })
    expect(shown(other.handle)).toMatchObject({ [one]: { title: 'second' } })
    expect(leader.device.storage.content(board).pending).toEqual([])
  })

  test('an edit that joins a change in the very instant its push begins stays pending until it is sent itself', async () => {
    const { clock, tabs, other } = await makeTabs(2)
    const [leader, follower] = [at(tabs, 0), at(tabs, 1)]
    leader.device.network.latency = () => 40
    addTask(follower.handle, one, { title: 'first' })
    // The leader has heard it and begins; its word of that is still on the way.
    await clock.advance(0)
    setTask(follower.handle, one, { title: 'second' })
    await clock.advance(85)
    leader.device.crash()
    follower.device.network.state = 'cut'
    await clock.advance(2_000)
    expect(shown(other.handle)).toHaveProperty(one)
    const { pending } = follower.device.engine.state.get()
    const { title } = shown(other.handle)[one] as { title: string }
    expect(title === 'second' || pending.length > 0).toBe(true)
    follower.device.network.heal()
    follower.device.tell('online')
    await clock.advance(5_000)
    expect(shown(other.handle)).toMatchObject({ [one]: { title: 'second' } })
    expect(follower.device.engine.state.get().pending).toEqual([])
  })

  test('[S11] a refused change is refused in every tab; tried again or dropped from any of them', async () => {
    const { clock, twin, tabs, other } = await makeTabs(3, { role: 'viewer' })
    addTask(other.handle, one, { title: 'theirs' })
    await clock.advance(100)
    setTask(at(tabs, 1).handle, one, { title: 'mine' })
    await clock.advance(100)
    for (const { device } of tabs)
      expect(device.engine.state.get().pending).toMatchObject([
        { state: 'refused', refusal: { code: 'read_only' } },
      ])
    const push = at(tabs, 0).device.network.calls.push
    at(tabs, 2).device.engine.retry(at(tabs, 2).device.engine.state.get().pending[0]?.id ?? '')
    await clock.advance(100)
    expect(at(tabs, 0).device.network.calls.push).toBe(push + 1)
    twin.join(workspace, 'ana', 'agent')
    at(tabs, 1).device.engine.retry(at(tabs, 1).device.engine.state.get().pending[0]?.id ?? '')
    await clock.advance(100)
    expect(shown(other.handle)).toMatchObject({ [one]: { title: 'mine' } })
    for (const { device } of tabs) expect(device.engine.state.get().pending).toEqual([])
  })

  test('[T9] syncing now from a follower is done by the leader, and answered when it has been', async () => {
    const { clock, tabs, other } = await makeTabs(2)
    const [leader, follower] = [at(tabs, 0), at(tabs, 1)]
    leader.device.network.hints = () => ({ copies: 0, delay: 0 })
    addTask(other.handle, one, { title: 'unheard' })
    await clock.advance(100)
    expect(shown(follower.handle)).toEqual({})
    const syncing = follower.device.engine.syncNow()
    await clock.advance(100)
    await syncing
    expect(shown(follower.handle)).toEqual(shown(other.handle))
    expect(follower.device.network.calls).toEqual({ push: 0, pull: 0, joins: 0 })
  })

  test('[T9] what was asked of a leader that died is asked of the next, or done by the one who asked', async () => {
    const { clock, tabs } = await makeTabs(2)
    const [leader, follower] = [at(tabs, 0), at(tabs, 1)]
    leader.device.network.state = 'silent'
    const syncing = follower.device.engine.syncNow()
    await clock.advance(1_000)
    leader.device.crash()
    await clock.advance(1_000)
    await syncing
    expect(follower.device.engine.connection.get().kind).toBe('live')
  })

  test('[T9] the leader’s troubles are shown in every tab', async () => {
    const { clock, tabs } = await makeTabs(2)
    const [leader, follower] = [at(tabs, 0), at(tabs, 1)]
    leader.device.network.fail = () => new LogServerError('unauthorised', 'JWT expired')
    addTask(follower.handle, one, { title: 'kept' })
    await clock.advance(2_000)
    for (const { device } of tabs) expect(device.engine.connection.get().kind).toBe('signed-out')
    expect(follower.device.engine.state.get().pending).toMatchObject([{ state: 'device' }])
  })

  test.each([0, 1])(
    '[T13] signing out in tab %d signs out all, and signing in again all of them',
    async (which) => {
      const { clock, tabs, other } = await makeTabs(2)
      at(tabs, which).device.sign(false)
      await clock.advance(100)
      for (const { device } of tabs) expect(device.engine.connection.get().kind).toBe('signed-out')
      addTask(at(tabs, 1).handle, one, { title: 'waits' })
      await clock.advance(60_000)
      expect(shown(other.handle)).toEqual({})
      at(tabs, which).device.sign(true)
      await clock.advance(1_000)
      for (const { device } of tabs) expect(device.engine.connection.get().kind).toBe('live')
      expect(shown(other.handle)).toHaveProperty(one)
    },
  )
})
