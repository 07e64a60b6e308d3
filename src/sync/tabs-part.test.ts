import { describe, expect, test } from 'vitest'
import * as leadingPart from './leading-part.ts'
import { PartOutdated, type LeadingPart } from './part-loading.ts'
import { addTask, board, makeScene, one, setTask, shown, two } from './testing/scene.ts'

/** A part that comes when the test says so, and a list of when it was asked for. */
function makePart(now: () => number) {
  const asked: number[] = []
  const waiting: { resolve(part: LeadingPart): void; reject(error: Error): void }[] = []
  return {
    asked,
    load() {
      asked.push(now())
      return new Promise<LeadingPart>((resolve, reject) => void waiting.push({ resolve, reject }))
    },
    come: () => waiting.shift()?.resolve(leadingPart),
    fail: (error: Error = new TypeError('it did not come')) => waiting.shift()?.reject(error),
  }
}

function makeLateScene(alone = false) {
  const scene = makeScene()
  const start = scene.clock.now()
  const part = makePart(() => scene.clock.now() - start)
  const late = scene.device('ana', { loadLeading: part.load, alone })
  const onLate = late.engine.open(board)
  return { ...scene, part, late, onLate, kind: () => late.engine.connection.get().kind }
}

describe('[T16] a tab without the part that leads', () => {
  test.each([false, true])('takes edits and stores them, and sends them when it is there', async (alone) => {
    const { clock, twin, part, late, onLate, kind } = makeLateScene(alone)
    addTask(onLate, one, { title: 'early' })
    await clock.advance(1_000)
    expect(kind()).toBe('starting')
    expect(late.engine.state.get()).toMatchObject({ pending: [{ state: 'device' }], sending: false })
    expect(late.storage.content(board).updates).toHaveLength(1)
    expect(late.network.calls).toEqual({ push: 0, pull: 0, joins: 0 })
    part.come()
    await clock.advance(100)
    expect(kind()).toBe('live')
    expect(late.engine.state.get().pending).toEqual([])
    expect(twin.updates(board)).toHaveLength(1)
  })

  test('asks again after 1, 2, 4 … 30 seconds, and says since when nothing comes', async () => {
    const { clock, part, late, kind } = makeLateScene()
    await clock.settle()
    const start = clock.now()
    const seen: unknown[] = []
    late.engine.connection.subscribe((state) => seen.push(state))
    for (const pause of [1, 2, 4, 8, 16, 30, 30]) {
      part.fail()
      await clock.settle()
      expect(late.engine.connection.get()).toEqual({
        kind: 'offline',
        since: start,
        nextTryAt: clock.now() + pause * 1_000,
      })
      await clock.advance(pause * 1_000)
    }
    expect(part.asked).toEqual([0, 1, 3, 7, 15, 31, 61, 91].map((second) => second * 1_000))
    expect(late.log.filter(({ code }) => code === 'failed')).toHaveLength(7)
    part.come()
    await clock.settle()
    expect(kind()).toBe('live')
  })

  test('asks at once when the network is back or somebody looks, but not twice at a time', async () => {
    const { clock, part, late, kind } = makeLateScene()
    await clock.settle()
    late.tell('online')
    expect(part.asked).toHaveLength(1)
    part.fail()
    await clock.settle()
    late.tell('online')
    late.tell('visible')
    expect(part.asked).toHaveLength(2)
    part.come()
    await clock.settle()
    expect(kind()).toBe('live')
  })

  test.each(['fails', 'takes long'])('lets another lead when it %s, and follows it', async (how) => {
    const { clock, twin, part, late, onLate, device, kind } = makeLateScene()
    const able = device('ana', { besides: late })
    const onAble = able.engine.open(board)
    await clock.advance(100)
    expect(able.engine.connection.get().kind).toBe('starting')
    if (how === 'fails') part.fail()
    else await clock.advance(5_000)
    await clock.advance(100)
    expect([able.engine.connection.get().kind, kind()]).toEqual(['live', 'live'])
    addTask(onLate, one, { title: 'of the one that follows' })
    await clock.advance(100)
    expect(shown(onAble)).toHaveProperty(one)
    expect(twin.updates(board)).toHaveLength(1)
    expect(late.network.calls.joins).toBe(0)

    // A further failure says nothing about a leader that is live.
    await clock.advance(1_000)
    part.fail()
    await clock.settle()
    expect(kind()).toBe('live')
    await clock.advance(30_000)
    part.come()
    await clock.settle()
    expect(late.network.calls.joins).toBe(0)
    able.crash()
    addTask(onLate, two, { title: 'after the death of the leader' })
    await clock.advance(900)
    expect(kind()).toBe('live')
    expect(twin.updates(board)).toHaveLength(2)
  })

  test('does not go on showing a dead leader as live', async () => {
    const { clock, part, late, device, kind } = makeLateScene()
    part.fail()
    const able = device('ana', { besides: late })
    await clock.advance(100)
    expect(kind()).toBe('live')
    await clock.advance(950)
    able.crash()
    part.fail()
    await clock.advance(20_000)
    part.come()
    await clock.settle()
    expect(kind()).toBe('live')
    expect(late.network.calls.joins).toBeGreaterThan(0)
  })

  test('is not handed over to by a hidden leader before it has it', async () => {
    const scene = makeScene()
    const leader = scene.device('ana')
    await scene.clock.settle()
    const part = makePart(scene.clock.now)
    const looked = scene.device('ana', { besides: leader, loadLeading: part.load })
    await scene.clock.settle()
    leader.tell('hidden')
    await scene.clock.advance(30_000)
    expect(looked.engine.connection.get().kind).toBe('live')
    expect(leader.network.calls.joins).toBe(1)
    part.come()
    await scene.clock.advance(6_000)
    expect(looked.network.calls.joins).toBe(1)
    expect([leader, looked].map(({ engine }) => engine.connection.get().kind)).toEqual(['live', 'live'])
  })

  test('does not come to lead while its page is frozen, and does once it is back', async () => {
    const { clock, part, late, kind } = makeLateScene()
    await clock.settle()
    for (const event of ['hidden', 'frozen'] as const) late.tell(event)
    part.come()
    await clock.advance(10_000)
    expect(late.network.calls.joins).toBe(0)
    for (const event of ['returned', 'visible'] as const) late.tell(event)
    await clock.settle()
    expect(kind()).toBe('live')
  })

  test('that is back from the frost without it takes no lock', async () => {
    const { clock, part, late, device } = makeLateScene()
    await clock.settle()
    part.fail()
    await clock.settle()
    for (const event of ['hidden', 'frozen', 'returned'] as const) late.tell(event)
    const able = device('ana', { besides: late })
    await clock.advance(100)
    expect(able.engine.connection.get().kind).toBe('live')
  })

  test('stops while it is loaded, and nothing of it runs after', async () => {
    const { clock, part, late } = makeLateScene()
    await clock.settle()
    await late.engine.stop()
    part.come()
    await clock.advance(60_000)
    expect(late.network.calls).toEqual({ push: 0, pull: 0, joins: 0 })
    expect(clock.timers).toBe(0)
  })

  test('stops between two attempts, and asks no more', async () => {
    const { clock, part, late } = makeLateScene()
    await clock.settle()
    part.fail()
    await clock.settle()
    await late.engine.stop()
    late.tell('online')
    await clock.advance(60_000)
    expect(part.asked).toHaveLength(1)
    expect(clock.timers).toBe(0)
  })

  test('asks to be loaded anew when the server has a newer app, and goes on storing', async () => {
    const { clock, twin, part, late, onLate, device, kind } = makeLateScene()
    await clock.settle()
    part.fail(new PartOutdated())
    await clock.settle()
    expect(kind()).toBe('incompatible')
    addTask(onLate, one, { title: 'kept' })
    await clock.advance(60_000)
    expect(part.asked).toHaveLength(1)
    expect(late.storage.content(board).updates).toHaveLength(1)
    late.crash()
    device('ana', { besides: late })
    await clock.advance(1_000)
    expect(twin.updates(board)).toHaveLength(1)
  })

  test('a person who asks to sync meanwhile is answered when it leads', async () => {
    const { clock, part, late } = makeLateScene()
    await clock.settle()
    let done = false
    void late.engine.syncNow().then(() => (done = true))
    await clock.advance(1_000)
    expect(done).toBe(false)
    part.come()
    await clock.advance(100)
    expect(done).toBe(true)
  })

  test('[H1] what it showed of itself is told once it can, and who is here is seen', async () => {
    const { clock, part, late, device } = makeLateScene()
    const other = device('bruno')
    other.engine.presence.look(board, 'theirs')
    late.engine.presence.look(board, 'mine')
    late.engine.presence.point('somewhere')
    await clock.advance(1_000)
    expect(late.engine.presence.people.get()).toEqual([])
    part.come()
    await clock.advance(1_000)
    expect(late.engine.presence.people.get()).toMatchObject([
      { id: 'bruno', places: [{ doc: board, entity: 'theirs' }] },
    ])
    expect(other.engine.presence.people.get()).toMatchObject([
      { id: 'ana', places: [{ doc: board, entity: 'mine', cursor: 'somewhere' }] },
    ])
  })

  test('[H10] follows, and sees who is here although it was told before it could', async () => {
    const scene = makeScene()
    const leader = scene.device('ana')
    scene.device('bruno')
    await scene.clock.advance(1_000)
    const part = makePart(scene.clock.now)
    const follower = scene.device('ana', { besides: leader, loadLeading: part.load })
    await scene.clock.advance(1_000)
    part.come()
    await scene.clock.advance(1_000)
    expect(follower.engine.presence.people.get()).toMatchObject([{ id: 'bruno' }])
  })

  test('[S16] what was told directly and is kept under an edit of ours waits for it', async () => {
    const scene = makeScene()
    const part = makePart(scene.clock.now)
    let reloaded = false
    const a = scene.device('ana')
    const b = scene.device('bruno', { loadLeading: () => (reloaded ? part.load() : leadingPart) })
    const onA = a.engine.open(board)
    const onB = b.engine.open(board)
    for (const { engine } of [a, b]) engine.presence.look(board)
    await scene.clock.advance(1_000)
    a.network.latency = () => 20_000
    addTask(onA, one, { title: 'told directly' })
    await scene.clock.advance(100)
    b.network.state = 'silent'
    setTask(onB, one, { title: 'stands on it' })
    await scene.clock.advance(100)
    expect(b.storage.content(board).told).toHaveLength(1)
    b.crash()
    reloaded = true
    b.start()
    const again = b.engine.open(board)
    await scene.clock.advance(1_000)
    expect(shown(again)).toEqual({})
    expect(b.storage.content(board).told).toHaveLength(1)
    part.come()
    await scene.clock.advance(100)
    expect(shown(again)).toMatchObject({ [one]: { title: 'stands on it' } })
    b.network.heal()
    b.tell('online')
    await scene.clock.advance(60_000)
    expect(shown(onA)).toEqual(shown(again))
    expect(b.storage.content(board).told).toBeUndefined()
    expect(b.engine.state.get().pending).toEqual([])
  })
})
