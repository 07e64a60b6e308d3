import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { LogServerError } from './ports.ts'
import {
  addTask,
  board,
  makeScene,
  numbered,
  one,
  setTask,
  shown,
  two,
  twoDevices,
  workspace,
} from './testing/scene.ts'

describe('bytes that are no edit', () => {
  const garbage = Uint8Array.of(1, 2, 3, 4, 250, 251, 252)

  test('[S6] a malformed update of the log is set aside and reported, and the document goes on', async () => {
    const { clock, twin, b, onA, onB } = await twoDevices()
    addTask(onA, one, { title: 'before' })
    await clock.advance(100)
    twin.plant(board, garbage)
    await clock.advance(100)
    addTask(onA, two, { title: 'after' })
    await clock.advance(100)
    expect(Object.keys(shown(onB))).toEqual([one, two])
    expect(b.engine.state.get().problem).toMatchObject({ code: 'update_set_aside' })
    expect(b.storage.content(board).setAside).toMatchObject([{ seq: 2 }])
    expect(b.engine.connection.get().kind).toBe('live')
    b.crash()
    b.start()
    b.engine.open(board)
    await clock.advance(100)
    expect(b.engine.state.get().problem).toMatchObject({ code: 'update_set_aside' })
  })

  test('[S6] a malformed update met by a device that comes later does not stop it either', async () => {
    const { clock, twin, device, onA } = await twoDevices()
    addTask(onA, one, { title: 'before' })
    await clock.advance(100)
    twin.plant(board, garbage)
    addTask(onA, two, { title: 'after' })
    await clock.advance(100)
    const late = device('carla').engine.open(board)
    await clock.advance(100)
    expect(shown(late)).toEqual(shown(onA))
  })

  test('[S6] one line among many that cannot be read is set aside alone', async () => {
    const { clock, twin, device, onA } = await twoDevices()
    for (let n = 0; n < 60; n++) {
      addTask(onA, numbered(100 + n), { title: String(n) })
      await clock.advance(120)
      if (n === 30) twin.plant(board, garbage)
    }
    const carla = device('carla')
    const late = carla.engine.open(board)
    await clock.advance(100)
    expect(twin.updates(board)).toHaveLength(61)
    expect(shown(late)).toEqual(shown(onA))
    expect(carla.storage.content(board).setAside).toMatchObject([{ seq: 32 }])
  })

  test('[D4] a corrupt record on the device is read from the server again', async () => {
    const { clock, b, onA } = await twoDevices()
    addTask(onA, one, { title: 'before' })
    await clock.advance(100)
    b.crash()
    b.storage.spoil(board, (content) => ({ ...content, updates: [garbage] }))
    b.start()
    const again = b.engine.open(board)
    await clock.advance(100)
    expect(shown(again)).toEqual(shown(onA))
    expect(b.engine.state.get().problem).toMatchObject({ code: 'corrupt_record' })
    await clock.advance(5_000)
    b.crash()
    b.start()
    b.engine.open(board)
    await clock.advance(100)
    expect(b.engine.state.get().problem).toBeNull()
  })

  test('an update that throws in a listener of a screen does not stop the engine', async () => {
    const { clock, onA, onB, b } = await twoDevices()
    onB.doc.getMap('tasks').observeDeep(() => {
      throw new Error('a broken screen')
    })
    addTask(onA, one, { title: 'before' })
    await clock.advance(100)
    expect(shown(onB)).toEqual(shown(onA))
    expect(b.engine.connection.get().kind).toBe('live')
  })
})

describe('refusals', () => {
  async function viewer() {
    const scene = makeScene()
    const a = scene.device('ana')
    const v = scene.device('vera', { role: 'viewer' })
    const onA = a.engine.open(board)
    const onV = v.engine.open(board)
    await scene.clock.settle()
    addTask(onA, one, { title: 'theirs' })
    await scene.clock.advance(100)
    return { ...scene, a, v, onA, onV }
  }

  test('[S11] a refused change stays, says why, and is not pushed again by itself', async () => {
    const { clock, v, onV, onA } = await viewer()
    setTask(onV, one, { title: 'mine' })
    await clock.advance(100)
    expect(v.engine.state.get().pending).toMatchObject([
      { entity: one, state: 'refused', refusal: { code: 'read_only' } },
    ])
    const { push } = v.network.calls
    await clock.advance(300_000)
    expect(v.network.calls.push).toBe(push)
    expect(shown(onA)).toMatchObject({ [one]: { title: 'theirs' } })
  })

  test('[S11] tried again once the person may write, it is accepted', async () => {
    const { clock, twin, v, onV, onA } = await viewer()
    setTask(onV, one, { title: 'mine' })
    await clock.advance(100)
    twin.join(workspace, 'vera', 'agent')
    const [change] = v.engine.state.get().pending
    v.engine.retry(change?.id ?? '')
    await clock.advance(100)
    expect(v.engine.state.get().pending).toEqual([])
    expect(shown(onA)).toMatchObject({ [one]: { title: 'mine' } })
  })

  test("[S11] discarded, the document is the server's again, also after a reload", async () => {
    const { clock, v, onV, onA } = await viewer()
    setTask(onV, one, { title: 'mine' })
    await clock.advance(100)
    const replaced: Y.Doc[] = []
    onV.onReplaced((doc) => replaced.push(doc))
    const [change] = v.engine.state.get().pending
    await v.engine.discard(change?.id ?? '')
    await clock.advance(100)
    expect(replaced).toEqual([onV.doc])
    expect(shown(onV)).toEqual(shown(onA))
    expect(v.engine.state.get().pending).toEqual([])
    setTask(onA, one, { title: 'goes on' })
    await clock.advance(100)
    expect(shown(onV)).toEqual(shown(onA))
    v.crash()
    v.network.state = 'cut'
    v.start()
    const again = v.engine.open(board)
    await clock.advance(100)
    expect(shown(again)).toEqual(shown(onA))
    expect(v.engine.state.get().pending).toEqual([])
  })

  test('a person who is no member is refused, keeps their edits, and is let in when they are', async () => {
    const { clock, twin, device } = makeScene()
    const z = device('zoe')
    twin.leave(workspace, 'zoe')
    const onZ = z.engine.open(board)
    await clock.advance(15_000)
    expect(z.engine.connection.get()).toMatchObject({ kind: 'refused', code: 'not_a_member' })
    addTask(onZ, one, { title: 'kept' })
    await clock.advance(1_000)
    expect(z.engine.state.get().pending).toMatchObject([{ state: 'device' }])
    twin.join(workspace, 'zoe', 'agent')
    z.tell('visible')
    await clock.advance(1_000)
    expect(z.engine.connection.get().kind).toBe('live')
    expect(twin.updates(board)).toHaveLength(1)
  })

  test('[S10] a document at which the server fails keeps no other document from it', async () => {
    const { clock, twin, a, onA, onB } = await twoDevices()
    const inbox = `ws/${workspace}/inbox`
    const poisoned = a.engine.open(inbox)
    await clock.settle()
    const { push } = a.network.server
    Object.assign(a.network.server, {
      push: async (...call: Parameters<typeof push>) => {
        if (call[0].some(({ doc }) => doc === inbox)) throw new LogServerError('rejected', 'took too long')
        return push(...call)
      },
    })
    addTask(poisoned, two, { title: 'kept' })
    addTask(onA, one, { title: 'goes through' })
    await clock.advance(100_000)
    expect(shown(onB)).toHaveProperty(one)
    expect(twin.updates(inbox)).toHaveLength(0)
    expect(a.engine.state.get()).toMatchObject({
      pending: [{ doc: inbox, state: 'device' }],
      problem: { code: 'rejected' },
    })
    Object.assign(a.network.server, { push })
    await clock.advance(100_000)
    expect(twin.updates(inbox)).toHaveLength(1)
    expect(a.engine.state.get()).toMatchObject({ pending: [], problem: null })
  })

  test('an app older than the server says so and tries nothing', async () => {
    const { clock, a, onA } = await twoDevices()
    a.network.fail = () => new LogServerError('incompatible', 'no function push')
    addTask(onA, one, { title: 'kept' })
    await clock.advance(100)
    expect(a.engine.connection.get()).toMatchObject({ kind: 'incompatible' })
    const { push, pull } = a.network.calls
    await clock.advance(600_000)
    expect(a.network.calls).toMatchObject({ push, pull })
    expect(a.engine.state.get().pending).toMatchObject([{ state: 'device' }])
  })
})
