import { describe, expect, test } from 'vitest'
import {
  addTask,
  board,
  numbered,
  one,
  removeTask,
  setTask,
  shown,
  two,
  twoDevices,
} from './testing/scene.ts'

async function afterHops(hops: number, work: () => void): Promise<void> {
  for (let hop = 0; hop < hops; hop++) await Promise.resolve()
  work()
}

describe('two devices', () => {
  test('an edit is on the other device at once, and acknowledged', async () => {
    const { clock, a, b, onA, onB } = await twoDevices()
    expect(a.engine.connection.get().kind).toBe('live')
    addTask(onA, one, { title: 'Call the carrier', labels: ['red'] })
    expect(a.engine.state.get().pending).toMatchObject([{ entity: one, state: 'memory', doc: board }])
    await clock.settle()
    expect(shown(onB)).toEqual(shown(onA))
    expect(shown(onB)).toMatchObject({ [one]: { title: 'Call the carrier' } })
    expect(a.engine.state.get()).toMatchObject({ pending: [], sending: false, storage: 'ok', problem: null })
    expect(b.network.calls).toMatchObject({ pull: 1, joins: 1 })
  })

  test('[S10] edits of one tick go in one push at once', async () => {
    const { clock, a, onA, twin } = await twoDevices()
    const before = a.network.calls.push
    for (let n = 0; n < 20; n++) addTask(onA, numbered(10 + n), { title: String(n) })
    await clock.settle()
    expect(a.network.calls.push).toBe(before + 1)
    expect(twin.updates(board)).toHaveLength(1)
  })

  test('[S10] somebody who types waits for nothing, and a burst goes in a push every tenth of a second', async () => {
    const { clock, a, onA, onB } = await twoDevices()
    addTask(onA, one, { title: '' })
    await clock.settle()
    for (const title of ['a', 'ab', 'abc', 'abcd']) {
      const before = a.network.calls.push
      await clock.advance(25)
      setTask(onA, one, { title })
      await clock.settle()
      expect(a.network.calls.push).toBe(before + 1)
    }
    await clock.advance(1_000)
    const before = a.network.calls.push
    for (let n = 0; n < 40; n++) {
      setTask(onA, one, { title: `dragged ${n}` })
      await clock.advance(5)
    }
    await clock.advance(100)
    // The first ones are not yet known to be a burst.
    expect(a.network.calls.push - before).toBeLessThanOrEqual(3 + 2)
    expect(shown(onB)).toEqual(shown(onA))
    expect(shown(onB)).toMatchObject({ [one]: { title: 'dragged 39' } })
  })

  test('[S10] an edit made in the very moment in which a push ends goes out', async () => {
    for (let hops = 0; hops < 12; hops++) {
      const { clock, a, onA, onB } = await twoDevices()
      let answered = false
      a.engine.state.subscribe(({ pending }) => {
        if (answered || pending.length > 0) return
        answered = true
        void afterHops(hops, () => addTask(onA, two, { title: 'right after' }))
      })
      addTask(onA, one, { title: 'first' })
      await clock.settle()
      expect(Object.keys(shown(onB)), `${hops} hops later`).toEqual([one, two])
      expect(a.engine.state.get().pending).toEqual([])
    }
  })

  test('[S21] what two devices push at once is read by the other, and by its author not again', async () => {
    const { clock, a, b, onA, onB } = await twoDevices()
    for (const device of [a, b]) {
      device.network.latency = () => 20
      device.network.cut()
      device.tell('offline')
    }
    const before = a.network.calls.pull + b.network.calls.pull
    // Too large to be told.
    for (const [id, handle] of [
      [one, onA],
      [two, onB],
    ] as const) {
      handle.change({ collection: 'x', entity: id, fields: [] }, (doc) => {
        doc.getText(id).insert(0, id.repeat(5_000))
      })
    }
    for (const device of [a, b]) {
      device.network.heal()
      device.tell('online')
    }
    await clock.advance(5_000)
    for (const { doc } of [onA, onB]) {
      expect(doc.getText(one).length).toBe(130_000)
      expect(doc.getText(two).length).toBe(130_000)
    }
    // Each after its join, and each once for what the other wrote.
    expect(a.network.calls.pull + b.network.calls.pull - before).toBeLessThanOrEqual(4)
  })

  test('[S7] edits made offline in different fields of one task both survive, also a page reloaded offline', async () => {
    const { clock, b, onA, onB } = await twoDevices()
    addTask(onA, one, { title: 'Pack' })
    await clock.settle()
    b.network.cut()
    b.tell('offline')
    setTask(onA, one, { status: 'done' })
    setTask(onB, one, { title: 'Pack the boxes' })
    for (let n = 0; n < 10; n++) addTask(onB, numbered(10 + n), { title: `offline ${n}` })
    removeTask(onB, numbered(19))
    await clock.advance(5_000)
    expect(b.engine.connection.get().kind).toBe('offline')
    expect(b.engine.state.get().pending.map(({ state }) => state)).toEqual(Array(11).fill('device'))

    b.crash()
    b.start()
    const again = b.engine.open(board)
    await clock.settle()
    expect(b.engine.connection.get().kind).toBe('offline')
    expect(Object.keys(shown(again))).toHaveLength(10)
    expect(b.engine.state.get().pending.map(({ entity }) => entity)).toContain(one)

    b.network.heal()
    b.tell('online')
    await clock.advance(100)
    expect(b.engine.connection.get().kind).toBe('live')
    expect(shown(again)).toEqual(shown(onA))
    expect(shown(onA)).toMatchObject({ [one]: { title: 'Pack the boxes', status: 'done' } })
    expect(b.engine.state.get().pending).toEqual([])
    expect(Object.keys(shown(onA))).toHaveLength(10)
  })

  test('[S7] a deletion alone, made offline, reaches the other device after a crash', async () => {
    const { clock, a, b, onA, onB } = await twoDevices()
    addTask(onA, one, { title: 'Pack' })
    await clock.settle()
    b.network.cut()
    b.tell('offline')
    removeTask(onB, one)
    await clock.settle()
    b.crash()
    b.network.heal()
    b.start()
    b.engine.open(board)
    await clock.advance(100)
    expect(shown(onA)).toEqual({})
    expect(a.engine.state.get().pending).toEqual([])
    expect(b.engine.state.get().pending).toEqual([])
  })

  test('[S5] a push whose answer was lost is in the log once', async () => {
    const { clock, a, onA, onB, twin } = await twoDevices()
    a.network.loseAnswers = 1
    addTask(onA, one, { title: 'Pack' })
    await clock.settle()
    expect(a.engine.state.get().pending).toMatchObject([{ state: 'device' }])
    await clock.advance(2_000)
    expect(twin.updates(board)).toHaveLength(1)
    expect(a.engine.state.get().pending).toEqual([])
    expect(shown(onB)).toEqual(shown(onA))
  })

  test('[S3] a snapshot that ends with an own operation, whose answer was lost, is stored for all that it holds', async () => {
    const { clock, twin, a, onA, onB } = await twoDevices()
    a.network.hints = () => ({ copies: 0, delay: 0 })
    addTask(onB, one, { title: 'of another device' })
    await clock.settle()
    a.network.loseAnswers = 1
    addTask(onA, two, { title: 'own' })
    await clock.settle()
    twin.compact(board)
    await clock.advance(70_000)
    a.crash()
    a.network.state = 'cut'
    a.start()
    const again = a.engine.open(board)
    await clock.settle()
    expect(Object.keys(shown(again)).toSorted()).toEqual([one, two])
  })

  test('[S8] hints that come twice, late, in disorder or not at all change nothing but the moment', async () => {
    const { clock, b, onA, onB } = await twoDevices()
    const fates = [
      { copies: 0, delay: 0 },
      { copies: 2, delay: 40 },
      { copies: 1, delay: 300 },
      { copies: 0, delay: 0 },
      { copies: 2, delay: 5 },
    ]
    let heard = 0
    b.network.hints = () => fates[heard++ % fates.length] ?? { copies: 1, delay: 0 }
    for (let n = 0; n < 10; n++) {
      setTask(onA, one, { title: `never` })
      addTask(onA, numbered(10 + n), { title: String(n) })
      await clock.advance(50)
    }
    await clock.advance(61_000)
    expect(shown(onB)).toEqual(shown(onA))
    expect(Object.keys(shown(onB))).toHaveLength(10)
  })

  test('[S9] a gap is filled by one pull', async () => {
    const { clock, b, onA, onB } = await twoDevices()
    let drop = true
    b.network.hints = () => ({ copies: drop ? 0 : 1, delay: 0 })
    addTask(onA, one, { title: 'lost' })
    await clock.advance(100)
    expect(shown(onB)).toEqual({})
    drop = false
    const before = b.network.calls.pull
    addTask(onA, two, { title: 'heard' })
    await clock.advance(100)
    expect(shown(onB)).toEqual(shown(onA))
    expect(b.network.calls.pull).toBe(before + 1)
  })

  test('an update too large to be told is pulled', async () => {
    const { clock, onA, onB } = await twoDevices()
    onA.change({ collection: 'tasks', entity: one, fields: [] }, (doc) =>
      doc.getText('long').insert(0, 'x'.repeat(200_000)),
    )
    await clock.advance(100)
    expect(onB.doc.getText('long').length).toBe(200_000)
  })

  test('[S10] a difference of several megabytes goes in calls under 1 MB', async () => {
    const { clock, a, b, onA, onB, twin } = await twoDevices()
    a.network.cut()
    a.tell('offline')
    for (let n = 0; n < 40; n++) {
      onA.change({ collection: 'x', entity: 'x', fields: [] }, (doc) => {
        doc.getMap('x').set(String(n), 'y'.repeat(100_000))
        doc.getArray('list').push([n])
      })
    }
    await clock.settle()
    a.network.heal()
    a.tell('online')
    await clock.advance(1_000)
    expect(a.engine.state.get().pending).toEqual([])
    const sizes = twin.updates(board).map(({ update }) => update?.byteLength ?? 0)
    expect(sizes.length).toBeGreaterThan(5)
    expect(Math.max(...sizes)).toBeLessThan(700_000)
    expect(onB.doc.getArray('list').toJSON()).toEqual(onA.doc.getArray('list').toJSON())
    expect(onB.doc.getMap('x').size).toBe(40)
    expect(b.engine.state.get().problem).toBeNull()
  })
})

describe('a log that is not what it was', () => {
  test('[S4] a server restored from an older backup gets back what it lost', async () => {
    const { clock, twin, device, a, b, onA, onB } = await twoDevices()
    addTask(onA, one, { title: 'kept' })
    await clock.settle()
    const restore = twin.backup()
    addTask(onA, two, { title: 'lost by the server' })
    await clock.advance(100)
    expect(twin.updates(board)).toHaveLength(2)
    restore()
    expect(twin.updates(board)).toHaveLength(1)
    a.crash()
    await clock.advance(61_000)
    expect(twin.updates(board).length).toBeGreaterThan(1)
    const onFresh = device('carla').engine.open(board)
    await clock.advance(100)
    expect(shown(onFresh)).toEqual(shown(onB))
    expect(Object.keys(shown(onFresh))).toEqual([one, two])
    expect(b.engine.state.get().pending).toEqual([])
  })

  test('[S8] behind a restored server the next number is not taken for the next update', async () => {
    const { clock, twin, a, b, onA, onB, device } = await twoDevices()
    addTask(onA, one, { title: 'kept' })
    await clock.advance(100)
    const restore = twin.backup()
    addTask(onA, two, { title: 'lost by the server' })
    await clock.advance(100)
    expect(Object.keys(shown(onB))).toEqual([one, two])
    // A is gone; what the server lost lives on B alone, whose socket stayed open through the restoration.
    a.crash()
    restore()
    let heard = 0
    b.network.hints = () => ({ copies: heard++ < 1 ? 0 : 1, delay: 0 })
    const other = device('carla').engine.open(board)
    await clock.advance(100)
    addTask(other, numbered(1), { title: 'in its place' })
    await clock.advance(100)
    addTask(other, numbered(2), { title: 'the next number for B' })
    await clock.advance(1_000)
    expect(Object.keys(shown(onB)).toSorted()).toEqual([numbered(1), numbered(2), one, two].toSorted())
    expect(shown(other)).toEqual(shown(onB))
  })
})
