/** The copy on the device is taken away, filled up, wiped or spoiled while a person works. */
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
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

const codes = (log: readonly { readonly code: string }[]) =>
  log.map(({ code }) => code).filter((code) => code.startsWith('storage'))

/** Ana is offline with an edit that is on her device. */
async function offlineWithAnEdit() {
  const scene = await twoDevices()
  const { a, clock, onA } = scene
  a.network.cut()
  a.tell('offline')
  addTask(onA, one, { title: 'kept' })
  await clock.advance(100)
  expect(a.engine.state.get().pending).toMatchObject([{ state: 'device' }])
  return scene
}

async function again({ a, clock }: Awaited<ReturnType<typeof twoDevices>>) {
  a.crash()
  a.start()
  const handle = a.engine.open(board)
  await clock.advance(100)
  return handle
}

describe('[D10] a database that is taken away under our hands', () => {
  test.each([
    ['closed by the browser', false],
    ['deleted, with all that was in it', true],
  ])('%s: said at once, written again after two seconds, lost by nobody', async (_name, wiped) => {
    const scene = await offlineWithAnEdit()
    const { a, clock } = scene
    if (wiped) a.storage.wipe()
    a.storage.takeAway()
    expect(a.engine.state.get()).toMatchObject({ storage: 'memory-only', pending: [{ state: 'memory' }] })
    await clock.advance(1_999)
    expect(a.engine.state.get().storage).toBe('memory-only')
    await clock.advance(1)
    expect(a.engine.state.get()).toMatchObject({ storage: 'ok', pending: [{ state: 'device' }] })
    expect(codes(a.log)).toEqual(['storage-lost', 'storage-back'])
    expect(shown(await again(scene))).toMatchObject({ [one]: { title: 'kept' } })
  })

  test('[D7] the marks went with it: what is called on this device again is marked again, and found by the next life', async () => {
    const { a, clock, twin } = await offlineWithAnEdit()
    a.storage.wipe()
    a.storage.takeAway()
    await clock.advance(5_000)
    expect(a.engine.state.get().pending).toMatchObject([{ state: 'device' }])
    expect(a.storage.marks).toMatchObject([{ doc: board, kept: expect.any(Number) }])
    a.crash()
    a.network.heal()
    a.start()
    await clock.advance(1_000)
    expect(twin.updates(board)).toHaveLength(1)
    expect(a.storage.marks).toEqual([])
  })

  test('[D7] a connection closed under our hands leaves no mark behind once all is sent', async () => {
    const { a, clock } = await offlineWithAnEdit()
    a.storage.takeAway()
    a.network.heal()
    a.tell('online')
    await clock.advance(60_000)
    expect(a.engine.state.get().pending).toEqual([])
    expect(a.storage.marks).toEqual([])
  })

  test('all of it is one transaction, the journal of a deletion with it', async () => {
    const scene = await twoDevices()
    const { a, clock, onA, onB } = scene
    addTask(onA, one, { title: 'with everyone' })
    await clock.advance(1_000)
    a.network.cut()
    a.tell('offline')
    removeTask(onA, one)
    await clock.advance(100)
    a.storage.wipe()
    a.storage.takeAway()
    const before = a.storage.written.length
    await clock.advance(2_000)
    const [first] = a.storage.written.slice(before)
    expect(first?.updates).toHaveLength(1)
    expect(first?.pending).toMatchObject([{ entity: one, deletes: true }])
    a.network.heal()
    await again(scene)
    await clock.advance(40_000)
    expect(shown(onB)).toEqual({})
  })

  test('what the server has comes back by itself while the document is open', async () => {
    const scene = await twoDevices()
    const { a, clock, onA } = scene
    addTask(onA, one, { title: 'acknowledged' })
    await clock.advance(1_000)
    a.storage.wipe()
    a.storage.takeAway()
    await clock.advance(3_000)
    a.network.cut()
    expect(shown(await again(scene))).toMatchObject({ [one]: { title: 'acknowledged' } })
    expect(a.engine.state.get().pending).toEqual([])
  })

  test('taken away again and again, it is opened every thirty seconds, and nothing is queued meanwhile', async () => {
    const scene = await offlineWithAnEdit()
    const { a, clock, onA } = scene
    a.storage.fault = 'unavailable'
    a.storage.takeAway()
    for (let n = 0; n < 200; n++) {
      addTask(onA, numbered(n), { title: 'x' })
      await clock.advance(1_000)
    }
    const before = a.storage.written.length
    a.storage.fault = null
    await clock.advance(30_000)
    expect(a.engine.state.get().storage).toBe('ok')
    expect(a.storage.written[before]?.updates).toHaveLength(1)
    expect(Object.keys(shown(await again(scene)))).toHaveLength(201)
  })

  test('an edit that the server took meanwhile is not shown as unsent when the storage is back', async () => {
    const { a, clock, onA } = await offlineWithAnEdit()
    a.storage.fault = 'unavailable'
    a.storage.takeAway()
    a.network.heal()
    a.tell('online')
    await clock.advance(1_000)
    expect(a.engine.state.get().pending).toEqual([])
    setTask(onA, one, { title: 'again' })
    await clock.advance(1_000)
    a.storage.fault = null
    await clock.advance(31_000)
    expect(a.engine.state.get()).toMatchObject({ storage: 'ok', pending: [] })
    expect(a.storage.content(board).pending).toEqual([])
  })
})

describe('[D11] a device that is full', () => {
  test('keeps what is stored called so, and writes what is new, alone, when there is room', async () => {
    const scene = await offlineWithAnEdit()
    const { a, clock, onA } = scene
    a.storage.fault = 'full'
    addTask(onA, two, { title: 'new' })
    await clock.advance(1_000)
    expect(a.engine.state.get()).toMatchObject({
      storage: 'full',
      pending: [
        { entity: one, state: 'device' },
        { entity: two, state: 'memory' },
      ],
    })
    const before = a.storage.written.length
    a.storage.fault = null
    await clock.advance(31_000)
    expect(a.engine.state.get()).toMatchObject({
      storage: 'ok',
      pending: [{ state: 'device' }, { state: 'device' }],
    })
    expect(a.storage.written[before]?.pending).toMatchObject([{ entity: two }])
    expect(a.storage.content(board).updates.length).toBeGreaterThan(1)
    expect(Object.keys(shown(await again(scene)))).toEqual([one, two])
  })

  test('[D10] and wiped meanwhile, gets all of it', async () => {
    const scene = await offlineWithAnEdit()
    const { a, clock, onA } = scene
    a.storage.fault = 'full'
    addTask(onA, two, { title: 'new' })
    await clock.advance(1_000)
    a.storage.wipe()
    a.storage.fault = null
    await clock.advance(31_000)
    expect(a.engine.state.get()).toMatchObject({
      storage: 'ok',
      pending: [{ state: 'device' }, { state: 'device' }],
    })
    expect(Object.keys(shown(await again(scene)))).toEqual([one, two])
  })
})

describe('[D12] what a database holds is looked at before it is believed', () => {
  test.each([
    ['an update of zeros', () => ({ updates: [new Uint8Array(40)] })],
    ['an update that is none', () => ({ updates: [new Uint8Array()] })],
  ])('%s is left out, said, and read from the server again', async (_name, spoiled) => {
    const scene = await twoDevices()
    const { a, clock, onA } = scene
    addTask(onA, one, { title: 'acknowledged' })
    await clock.advance(1_000)
    a.crash()
    a.storage.spoil(board, (content) => ({ ...content, ...spoiled() }))
    a.start()
    const handle = a.engine.open(board)
    await clock.advance(10_000)
    expect(shown(handle)).toMatchObject({ [one]: { title: 'acknowledged' } })
    expect(a.engine.state.get().problem).toMatchObject({ code: 'corrupt_record' })
    expect(a.log.map(({ code }) => code)).toContain('corrupt-record')
  })
})

describe('[D13] storage wiped while nobody was there', () => {
  test('brings everything acknowledged back, without a word', async () => {
    const scene = await twoDevices()
    const { a, clock, onA } = scene
    addTask(onA, one, { title: 'acknowledged' })
    await clock.advance(1_000)
    a.crash()
    a.storage.wipe()
    a.start()
    const handle = a.engine.open(board)
    await clock.advance(10_000)
    expect(shown(handle)).toMatchObject({ [one]: { title: 'acknowledged' } })
    expect(a.engine.state.get()).toMatchObject({ pending: [], problem: null })
  })

  test('says that an edit was lost, where only its document’s database is gone', async () => {
    const scene = await offlineWithAnEdit()
    const { a, clock } = scene
    await clock.advance(2_000)
    a.crash()
    a.storage.spoil(board, (content) => ({ ...content, updates: [], sync: null, pending: [] }))
    a.network.heal()
    a.start()
    await clock.advance(10_000)
    expect(a.engine.state.get().problem).toMatchObject({ code: 'unsent_lost' })
    expect(a.log.map(({ code }) => code)).toContain('unsent-lost')
    // Said once: what is lost is lost.
    a.crash()
    a.start()
    await clock.advance(10_000)
    expect(a.engine.state.get().problem).toBeNull()
  })
})

describe('[D14] a compaction', () => {
  test('takes in no deletion of which nothing stored says that it is unsent', async () => {
    const scene = await twoDevices()
    const { a, clock, onA, onB } = scene
    addTask(onA, one, { title: 'with everyone' })
    for (let n = 0; n < 210; n++) {
      setTask(onA, one, { title: String(n) })
      await clock.advance(40)
    }
    await clock.advance(500)
    a.network.cut()
    a.tell('offline')
    const written = a.storage.written.length
    // The compaction is due: the edit falls into its transaction.
    await clock.advance(1_400)
    removeTask(onA, one)
    a.crash()
    expect(a.storage.written).toHaveLength(written)
    a.network.heal()
    const handle = await again(scene)
    await clock.advance(5_000)
    const stored = new Y.Doc()
    for (const update of a.storage.content(board).updates) Y.applyUpdate(stored, update)
    expect(shown(handle)).toEqual(shown(onB))
  })
})
