import { describe, expect, test } from 'vitest'
import { LogServerError } from './ports.ts'
import { addTask, board, makeScene, numbered, one, shown, two, twoDevices } from './testing/scene.ts'

const busy = (retryAfter: number | null = null) => new LogServerError('busy', '503', retryAfter, '503')

describe('the ten seconds and the thirty', () => {
  test.each([
    [9_999, 'starting'],
    [10_000, 'polling'],
  ] as const)('[C2] without a join, after %d ms it is %s', async (milliseconds, kind) => {
    const scene = makeScene()
    const a = scene.device('ana')
    a.network.websockets = false
    a.engine.open(board)
    await scene.clock.advance(milliseconds)
    expect(a.engine.connection.get().kind).toBe(kind)
    expect(a.network.calls.pull).toBe(kind === 'polling' ? 1 : 0)
  })

  test('[C2] while polling there is one call every thirty seconds, to the millisecond', async () => {
    const scene = makeScene()
    const a = scene.device('ana')
    a.network.websockets = false
    a.engine.open(board)
    await scene.clock.advance(10_000)
    const counts: number[] = []
    for (const milliseconds of [29_999, 1, 29_999, 1]) {
      await scene.clock.advance(milliseconds)
      counts.push(a.network.calls.pull)
    }
    expect(counts).toEqual([1, 2, 2, 3])
  })
})

describe('a server that fails', () => {
  test('[B1] [B5] for an hour gets two calls a minute at most, whatever is edited, and all of it afterwards', async () => {
    const { clock, a, onA, twin } = await twoDevices()
    a.network.fail = () => busy()
    await clock.advance(120_000)
    const before = a.network.calls.pull + a.network.calls.push
    for (let n = 0; n < 60; n++) {
      addTask(onA, numbered(10 + n), { title: String(n) })
      await clock.advance(60_000)
    }
    expect(a.network.calls.pull + a.network.calls.push - before).toBeLessThanOrEqual(125)
    expect(a.engine.connection.get().kind).toBe('offline')
    expect(a.engine.state.get().calls.kind).toBe('paused')
    expect(a.engine.state.get().pending.every(({ state }) => state === 'device')).toBe(true)
    a.network.fail = () => null
    await clock.advance(31_000)
    expect(a.engine.state.get()).toMatchObject({ pending: [], calls: { kind: 'normal' } })
    expect(twin.updates(board).length).toBeGreaterThan(0)
    await clock.advance(40_000)
    expect(a.engine.connection.get().kind).toBe('live')
  })

  test('[B5] that is back the moment its pause ends is found then, not a poll later', async () => {
    const { clock, a } = await twoDevices()
    a.network.websockets = false
    a.network.cut()
    a.network.heal()
    a.network.fail = () => busy()
    await clock.advance(120_000)
    const { calls } = a.engine.state.get()
    a.network.fail = () => null
    await clock.advance(calls.kind === 'paused' ? calls.until - clock.now() : 0)
    expect(a.engine.connection.get().kind).toBe('polling')
    expect(a.engine.state.get().calls).toEqual({ kind: 'normal' })
  })

  test.each([
    ['a person asks', (a: Awaited<ReturnType<typeof twoDevices>>['a']) => void a.engine.syncNow()],
    ['the page is looked at again', (a: Awaited<ReturnType<typeof twoDevices>>['a']) => a.tell('visible')],
  ])('[B4] is asked at once when %s', async (_name, ask) => {
    const { clock, a, onA, twin } = await twoDevices()
    a.network.fail = () => busy()
    await clock.advance(90_000)
    addTask(onA, one, { title: 'kept' })
    a.network.fail = () => null
    ask(a)
    await clock.advance(100)
    expect(twin.updates(board)).toHaveLength(1)
    expect(a.engine.state.get()).toMatchObject({ pending: [], calls: { kind: 'normal' } })
  })

  test('[B3] and names a pause is left in peace for that long, by edits and by a wake too', async () => {
    const { clock, a, onA, twin } = await twoDevices()
    a.network.fail = () => busy(120_000)
    addTask(onA, one, { title: 'waits' })
    await clock.advance(1_000)
    a.network.fail = () => null
    const { push, pull } = a.network.calls
    for (let n = 0; n < 11; n++) {
      addTask(onA, numbered(20 + n), { title: String(n) })
      a.tell('visible')
      await clock.advance(10_000)
    }
    expect(a.network.calls).toMatchObject({ push, pull })
    expect(twin.updates(board)).toHaveLength(0)
    await clock.advance(50_000)
    expect(a.engine.state.get().pending).toEqual([])
  })

  test('[B6] leaves reading and editing as they were', async () => {
    const { clock, a, onA } = await twoDevices()
    a.network.fail = () => busy()
    await clock.advance(90_000)
    addTask(onA, one, { title: 'made meanwhile' })
    await clock.advance(10)
    expect(shown(onA)).toMatchObject({ [one]: { title: 'made meanwhile' } })
    expect(a.engine.state.get().pending).toMatchObject([{ state: 'device' }])
  })
})

describe('[C15] what stands before the server takes less than the server', () => {
  test('calls become smaller until they pass, and one operation that does not is named', async () => {
    const { clock, a, onA, twin } = await twoDevices()
    const other = a.engine.open(`${board}-2`)
    await clock.settle()
    a.network.cut()
    a.network.heal()
    a.network.pushLimit = 500
    addTask(onA, one, { title: 'small' })
    addTask(other, two, { title: 'y'.repeat(480) })
    await clock.advance(20_000)
    expect(twin.updates(board)).toHaveLength(1)
    expect(a.engine.state.get().pending).toMatchObject([
      { entity: two, state: 'refused', refusal: { code: 'too_large' } },
    ])
    expect(a.engine.connection.get().kind).toBe('live')
  })
})
