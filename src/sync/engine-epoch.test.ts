import { describe, expect, test } from 'vitest'
import { newUuid } from '../domain/ids.ts'
import { LogServerError, type Cursor } from './ports.ts'
import {
  addTask,
  board,
  makeScene,
  numbered,
  one,
  removeTask,
  setTask,
  shown,
  two,
  twoDevices,
  workspace,
} from './testing/scene.ts'
import { makeSeededRandom } from './testing/seeded-random.ts'

const { signal } = new AbortController()
const random = makeSeededRandom(5)

/** What a member with bad intent, or a broken device, says it has seen. */
const bogus = (): Cursor => ({ seq: 1_000_000, op_id: newUuid(random.bytes) })

describe('[S4] epochs', () => {
  test('a new epoch that cost nobody anything makes no device write what the log holds already', async () => {
    const { clock, twin, onA, onB } = await twoDevices()
    for (let n = 0; n < 20; n++) addTask(onA, numbered(n), { title: `task ${n}` })
    await clock.advance(1_000)
    const before = twin.updates(board).length
    await twin.as('ana').pull(new Map([[board, bogus()]]), signal)
    await clock.advance(130_000)
    expect(twin.updates(board)).toHaveLength(before)
    setTask(onB, numbered(3), { title: 'goes on' })
    await clock.advance(1_000)
    expect(shown(onA)).toEqual(shown(onB))
    expect(twin.updates(board)).toHaveLength(before + 1)
  })

  test('a device whose place is lost reads the log before it writes: the log grows by what it lost alone', async () => {
    const { clock, twin, a, onA, onB } = await twoDevices()
    for (let n = 0; n < 100; n++) addTask(onA, numbered(n), { title: `kept ${n}` })
    await clock.advance(1_000)
    const before = twin.updates(board).length
    addTask(onA, two, { title: 'lost with the backup' })
    await clock.advance(1_000)
    twin.forgetAfter(board, before)
    setTask(onA, two, { title: 'an edit whose anchor is lost' })
    await clock.advance(130_000)
    expect(shown(onB)).toEqual(shown(onA))
    const after = twin.updates(board).slice(before)
    for (const { update } of after) expect(update?.byteLength).toBeLessThan(2_000)
    expect(a.engine.state.get()).toMatchObject({ pending: [], problem: null })
  })

  test('what only this device knows to be lost is found without a new epoch: another line stands at its anchor', async () => {
    const { clock, twin, a, b, onA, onB } = await twoDevices()
    addTask(onA, one, { title: 'known to both' })
    await clock.advance(1_000)
    const held = twin.updates(board).at(-1)
    a.crash()
    addTask(onB, two, { title: 'acknowledged, then lost' })
    await clock.advance(1_000)
    b.crash()
    // As after an acknowledgement across a gap: the anchor is ahead of the cursor.
    b.storage.spoil(board, (content) => {
      if (!content.sync || !held) throw new Error('B was never in sync')
      return { ...content, sync: { ...content.sync, cursor: { seq: held.seq, op_id: held.op_id } } }
    })
    twin.forgetAfter(board, held?.seq ?? 0)
    const empty = () => ({ doc: board, op_id: newUuid(random.bytes), update: Uint8Array.of(0, 0) })
    const others = [empty(), empty(), empty()].map((operation) => ({
      ...operation,
      client_ids: [],
      workspace,
      anchor: null,
    }))
    await twin.as('ana').push(others, signal)
    b.start()
    const again = b.engine.open(board)
    a.start()
    const onAgain = a.engine.open(board)
    await clock.advance(1_000)
    expect(shown(again)).toHaveProperty(two)
    expect(shown(onAgain)).toEqual(shown(again))
  })

  test('a conversation that began after the backup is given back, though the server calls it foreign', async () => {
    const { clock, twin, a, b } = await twoDevices()
    const conversation = 'conv/01ARYZ6S41TSV4RRFFQ69G5FA1'
    const restore = twin.backup()
    const onA = a.engine.open(conversation)
    addTask(onA, one, { title: 'said after the backup' })
    await clock.advance(1_000)
    restore()
    await clock.advance(130_000)
    const onB = b.engine.open(conversation)
    await clock.advance(61_000)
    expect(shown(onB)).toHaveProperty(one)
    for (const { engine } of [a, b]) expect(engine.state.get()).toMatchObject({ pending: [], problem: null })
  })

  test.each([
    ['', async () => {}],
    [
      ', also when the page dies before it has been given back',
      async (scene: Awaited<ReturnType<typeof twoDevices>>) => {
        const { a, clock } = scene
        a.network.fail = () => (a.network.calls.push > 0 ? new LogServerError('unreachable', 'no way') : null)
        a.network.calls.push = 0
        await clock.advance(70_000)
        a.crash()
        a.network.fail = () => null
        a.start()
        a.engine.open(board)
      },
    ],
  ])('a deletion that the backup does not have is given back%s', async (_name, meanwhile) => {
    const scene = await twoDevices()
    const { clock, twin, a, b, onA } = scene
    addTask(onA, one, { title: 'to be removed' })
    addTask(onA, two, { title: 'stays' })
    await clock.advance(1_000)
    b.crash()
    const restore = twin.backup()
    removeTask(onA, one)
    await clock.advance(1_000)
    restore()
    await meanwhile(scene)
    await clock.advance(130_000)
    b.start()
    const onB = b.engine.open(board)
    await clock.advance(1_000)
    expect(Object.keys(shown(onB))).toEqual([two])
    expect(a.engine.state.get()).toMatchObject({ pending: [], problem: null })
    const before = twin.updates(board).length
    await clock.advance(200_000)
    expect(twin.updates(board)).toHaveLength(before)
  })

  test('[S11] what only somebody has who may not write is gone there too: everybody shows what the log has', async () => {
    const { clock, twin, device, a, onA } = await twoDevices()
    const viewer = device('vera', { role: 'viewer' })
    const onViewer = viewer.engine.open(board)
    addTask(onA, one, { title: 'stays' })
    await clock.advance(1_000)
    const restore = twin.backup()
    addTask(onA, two, { title: 'lost with the backup, and with the device that wrote it' })
    await clock.advance(1_000)
    expect(shown(onViewer)).toHaveProperty(two)
    a.crash()
    twin.leave(workspace, 'bruno')
    restore()
    await clock.advance(130_000)
    expect(Object.keys(shown(onViewer))).toEqual([one])
    expect(viewer.engine.state.get()).toMatchObject({ pending: [], problem: null })
  })

  test('[S11] what was edited since a difference went out that is refused is refused by name', async () => {
    const { clock, twin, a, onA } = await twoDevices()
    const restore = twin.backup()
    addTask(onA, one, { title: 'lost with the backup' })
    await clock.advance(1_000)
    restore()
    twin.leave(workspace, 'bruno')
    a.network.fail = () => null
    const { push } = a.network.calls
    while (a.network.calls.push === push) {
      await clock.advance(1_000)
      a.network.loseAnswers = a.network.calls.pull % 2
    }
    twin.join(workspace, 'ana', 'viewer')
    addTask(onA, two, { title: 'since' })
    await clock.advance(130_000)
    expect(a.engine.state.get().pending).toMatchObject([{ entity: two, state: 'refused' }])
  })

  test('[S11] and nothing of a sibling that works alone is dropped with it', async () => {
    const { clock, twin, device } = makeScene()
    const first = device('carla', { alone: true })
    const second = device('carla', { alone: true, besides: first })
    const onFirst = first.engine.open(board)
    const onSecond = second.engine.open(board)
    await clock.advance(1_000)
    first.network.cut()
    addTask(onFirst, one, { title: 'refused to carla, and hers to drop' })
    twin.join(workspace, 'carla', 'viewer')
    await clock.advance(130_000)
    for (const handle of [onFirst, onSecond]) expect(shown(handle)).toHaveProperty(one)
  })
})
