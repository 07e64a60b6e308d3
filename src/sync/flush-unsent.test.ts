import { beforeEach, describe, expect, test } from 'vitest'
import { flushUnsent, StillUnsent } from './flush-unsent.ts'
import type { DocumentHandle } from './sync-engine.ts'
import type { Device } from './testing/device.ts'
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

const conversation = 'conv/01ARYZ6S41TSV4RRFFQ69G5FAV'

let scene: ReturnType<typeof makeScene>
let a: Device
let onA: DocumentHandle

beforeEach(async () => {
  scene = makeScene()
  a = scene.device('ana')
  onA = a.engine.open(board)
  await scene.clock.settle()
})

/** Edits without a network, then closes the tab. */
async function closeOffline(edit: () => void): Promise<void> {
  a.network.cut()
  a.tell('offline')
  edit()
  await scene.clock.advance(1_000)
  a.tell('hidden')
  await scene.clock.settle()
  a.crash()
  a.network.heal()
}

/** The browser wakes the worker; the answer says how it ended. */
function flush(of = a, within = 90_000) {
  const { ports, end } = of.worker()
  const outcomes: unknown[] = []
  flushUnsent(ports, () => ports)
    .then(() => outcomes.push('done'))
    .catch((error: unknown) => outcomes.push(error))
    .finally(end)
  return {
    outcome: async () => {
      for (let waited = 0; waited < within && outcomes.length === 0; waited += 500)
        await scene.clock.advance(500)
      return outcomes[0]
    },
  }
}

const marks = (of = a) => of.storage.marks.map(({ doc }) => doc)

describe('with no window', () => {
  test('[K3] what a closed tab left is sent, once, and its mark is gone', async () => {
    const onB = scene.device('bruno').engine.open(board)
    await closeOffline(() => {
      addTask(onA, one, { title: 'written offline' })
      setTask(onA, one, { status: 'done' })
    })
    expect(marks()).toEqual([board])
    expect(await flush().outcome()).toBe('done')
    expect(scene.twin.updates(board)).toHaveLength(1)
    expect(shown(onB)[one]).toMatchObject({ title: 'written offline', status: 'done' })
    expect(marks()).toEqual([])
    expect(a.network.joined).toEqual([])
    a.start()
    const again = a.engine.open(board)
    await scene.clock.advance(130_000)
    expect(shown(again)).toEqual(shown(onB))
    expect(scene.twin.updates(board)).toHaveLength(1)
    expect(a.storage.content(board).pending).toEqual([])
  })

  test('[K3] a deletion, an edit of a document that no screen had open last, and one of a new conversation', async () => {
    addTask(onA, one, { title: 'to be deleted' })
    await scene.clock.advance(1_000)
    await closeOffline(() => {
      removeTask(onA, one)
      addTask(onA, two, { title: 'new' })
      a.engine.open(conversation).doc.getText('t').insert(0, 'first words')
    })
    expect(await flush().outcome()).toBe('done')
    const onB = scene.device('bruno').engine.open(board)
    await scene.clock.advance(1_000)
    expect(Object.keys(shown(onB))).toEqual([two])
    expect(scene.twin.updates(conversation)).toHaveLength(1)
  })

  test('[S4] a server that was restored meanwhile gets what it lost too', async () => {
    addTask(onA, one, { title: 'lost by the server' })
    await scene.clock.advance(70_000)
    await closeOffline(() => addTask(onA, two, { title: 'offline' }))
    scene.twin.forgetAfter(board, 0)
    expect(await flush().outcome()).toBe('done')
    const onB = scene.device('bruno').engine.open(board)
    await scene.clock.advance(1_000)
    expect(Object.keys(shown(onB))).toEqual([one, two])
  })

  test('nothing unsent: nothing is asked of anybody', async () => {
    a.tell('hidden')
    a.crash()
    const before = { ...a.network.calls }
    expect(await flush().outcome()).toBe('done')
    expect(a.network.calls).toEqual(before)
  })

  test('[K4] a server that is away: it fails within a minute, and what waits is still there for the next time', async () => {
    await closeOffline(() => addTask(onA, one, { title: 'offline' }))
    a.network.state = 'cut'
    const started = scene.clock.now()
    expect(await flush().outcome()).toBeInstanceOf(StillUnsent)
    expect(scene.clock.now() - started).toBeLessThan(70_000)
    expect(marks()).toEqual([board])
    a.network.heal()
    expect(await flush().outcome()).toBe('done')
    expect(scene.twin.updates(board)).toHaveLength(1)
  })

  test('[K4] an answer that was lost leads to no second line', async () => {
    await closeOffline(() => addTask(onA, one, { title: 'offline' }))
    a.network.latency = () => 100
    a.network.loseAnswers = 3
    expect(await flush().outcome()).toBe('done')
    expect(scene.twin.updates(board)).toHaveLength(1)
  })

  test('[K4] what only the person can bring on its way is no failure', async () => {
    await closeOffline(() => addTask(onA, one, { title: 'offline' }))
    a.renewal = 'signed-out'
    expect(await flush().outcome()).toBe('done')
    a.renewal = 'ready'
    scene.twin.join(workspace, 'ana', 'viewer')
    expect(await flush().outcome()).toBe('done')
    expect(scene.twin.updates(board)).toEqual([])
    expect(marks()).toEqual([board])
    scene.twin.join(workspace, 'ana', 'agent')
    a.start()
    await scene.clock.advance(5_000)
    expect(scene.twin.updates(board)).toHaveLength(1)
  })

  test('[K4] storage that cannot be read is tried again', async () => {
    await closeOffline(() => addTask(onA, one, { title: 'offline' }))
    a.storage.fault = 'unavailable'
    expect(await flush().outcome()).toMatchObject({ name: 'StorageError' })
  })

  test('[K3] a worker that is killed in the middle loses nothing, and the next one sends it once', async () => {
    for (let steps = 0; steps < 60; steps += 3) {
      const fresh = makeScene(steps + 2)
      scene = fresh
      a = fresh.device('ana')
      onA = a.engine.open(board)
      await fresh.clock.settle()
      await closeOffline(() => addTask(onA, one, { title: 'offline' }))
      a.network.latency = () => 20
      const { ports, end } = a.worker()
      flushUnsent(ports, () => ports).catch(() => {})
      await fresh.clock.advance(steps * 4)
      end()
      expect(await flush().outcome()).toBe('done')
      const lines = fresh.twin.updates(board)
      expect(lines.length).toBeGreaterThan(0)
      const onB = fresh.device('bruno').engine.open(board)
      await fresh.clock.advance(1_000)
      expect(Object.keys(shown(onB))).toEqual([one])
    }
  })
})

describe('[K2] a living tab', () => {
  test('that leads sends by itself; the worker waits ten seconds and is done', async () => {
    a.network.state = 'silent'
    addTask(onA, one, { title: 'on its way' })
    await scene.clock.settle()
    const before = scene.clock.now()
    expect(await flush().outcome()).toBe('done')
    expect(scene.clock.now() - before).toBeLessThan(12_000)
    expect(a.engine.connection.get().kind).not.toBe('signed-out')
    a.network.heal()
    await scene.clock.advance(70_000)
    expect(scene.twin.updates(board)).toHaveLength(1)
  })

  test('that is just being closed leaves it to the worker that was woken a moment before', async () => {
    a.network.state = 'silent'
    addTask(onA, one, { title: 'in the last moment' })
    await scene.clock.settle()
    const { outcome } = flush()
    await scene.clock.advance(2_000)
    a.crash()
    a.network.heal()
    expect(await outcome()).toBe('done')
    expect(scene.twin.updates(board)).toHaveLength(1)
    expect(marks()).toEqual([])
  })

  test('that is opened while the worker is at it takes over within a second, and it is sent once', async () => {
    for (const delay of [0, 20, 50, 80, 120, 400]) {
      scene = makeScene(delay + 1)
      a = scene.device('ana')
      onA = a.engine.open(board)
      await scene.clock.settle()
      await closeOffline(() => addTask(onA, one, { title: 'offline' }))
      a.network.latency = () => 30
      const { outcome } = flush()
      await scene.clock.advance(delay)
      const opened = a.start()
      const again = opened.open(board)
      await scene.clock.advance(2_000)
      expect(opened.connection.get().kind).toBe('live')
      expect(a.network.joined).toEqual([`ws:${workspace}`])
      expect(await outcome()).toBe('done')
      await scene.clock.advance(61_000)
      expect(scene.twin.updates(board)).toHaveLength(1)
      expect(opened.state.get().pending).toEqual([])
      expect(Object.keys(shown(again))).toEqual([one])
    }
  })
})

describe('[K7] two people on one device', () => {
  test('one person’s documents go under that person’s token, the other’s wait for the other', async () => {
    const b = scene.device('bruno')
    const onB = b.engine.open(board)
    await scene.clock.settle()
    b.network.cut()
    addTask(onB, two, { title: 'bruno, offline' })
    await scene.clock.advance(1_000)
    b.crash()
    b.network.heal()
    await closeOffline(() => addTask(onA, one, { title: 'ana, offline' }))
    expect(await flush(a).outcome()).toBe('done')
    expect(marks(a)).toEqual([])
    expect(marks(b)).toEqual([board])
    expect(scene.twin.updates(board)).toHaveLength(1)
  })
})

test('[K5] without Background Sync it goes at the next start, though no screen opens the document', async () => {
  await closeOffline(() => addTask(onA, one, { title: 'offline' }))
  a.start()
  await scene.clock.advance(5_000)
  expect(scene.twin.updates(board)).toHaveLength(1)
  expect(marks()).toEqual([])
})
