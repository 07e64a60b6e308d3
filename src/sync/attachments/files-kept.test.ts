import { describe, expect, test } from 'vitest'
import { StorageError } from '../ports.ts'
import { FileServerError } from './file-ports.ts'
import {
  attach,
  board,
  isThere,
  live,
  makeFileScene,
  markRemoved,
  offline,
  onServer,
  oneDevice,
  someBytes,
  standInHash,
  workspace,
} from './testing/file-scene.ts'

const part = 6 * 1024 * 1024
const day = 86_400_000

describe('a page that dies', () => {
  test('[F2] [F4] [F6] at any call of store or server: the next one sends the file, whole and named safe only then', async () => {
    const bytes = someBytes(part + 500)
    const steps = await crashAndRecover(bytes, Infinity)
    expect(steps).toBeGreaterThan(10)
    for (let crashAt = 1; crashAt <= steps; crashAt++) await crashAndRecover(bytes, crashAt)
  })

  test('[F3] while it sends leaves the work to the next tab, which goes on where it was', async () => {
    const { clock, server, device, engine, tab, goOnline } = await oneDevice()
    const bytes = someBytes(3 * part)
    await attach(tab, engine, bytes)
    server.latency = 1_000
    const other = device.tab()
    other.files.follow(board)
    await goOnline()
    await clock.advance(9_000)
    expect(other.files.unsent.get()[0]?.state.kind).toBe('sending')
    tab.crash()
    await clock.advance(60_000)
    expect(isThere(server, bytes)).toBe(true)
    expect(server.received).toBe(bytes.length)
    expect(other.files.stateOf(standInHash(bytes))).toEqual({ kind: 'safe' })
  })

  test('[F3] or is frozen lets another tab go on', async () => {
    const { clock, server, device, engine, tab, goOnline } = await oneDevice()
    const bytes = someBytes(3 * part)
    await attach(tab, engine, bytes)
    server.latency = 1_000
    const other = device.tab()
    other.files.follow(board)
    await goOnline()
    await clock.advance(9_000)
    tab.tell('frozen')
    await clock.advance(60_000)
    expect(isThere(server, bytes)).toBe(true)
    tab.tell('returned')
    await clock.settle()
    expect(tab.files.stateOf(standInHash(bytes))).toEqual({ kind: 'safe' })
  })
})

/** Answers how many calls the page made. */
async function crashAndRecover(bytes: Uint8Array<ArrayBuffer>, crashAt: number): Promise<number> {
  const { clock, server, device: makeDevice } = makeFileScene()
  const device = makeDevice()
  const first = device.tab(crashAt)
  first.files.follow(board)
  let added = false
  const add = async () => {
    await attach(first, device.engine, bytes)
    added = true
  }
  void add()
  await clock.settle()
  await device.engine.syncNow()
  device.engine.connection.set(live)
  await clock.advance(60_000)
  const { steps } = first
  first.crash()
  const next = device.tab()
  next.files.follow(board)
  await clock.advance(60_000)
  // Before the fact was written nobody was told that the file is attached.
  const outcome = isThere(server, bytes) ? next.files.stateOf(standInHash(bytes)).kind : 'never added'
  expect(outcome, `crash at ${crashAt}`).toBe(added ? 'safe' : 'never added')
  expect(next.files.unsent.get()).toEqual([])
  return steps
}

describe('a device without room', () => {
  test('[F9] keeps the file in memory, says so, sends it from there, and needs no memory then', async () => {
    const { clock, server, device, engine, tab, goOnline, states } = await oneDevice()
    device.store.fault = 'full'
    const bytes = someBytes(500)
    await attach(tab, engine, bytes)
    await clock.settle()
    expect(states()).toEqual([{ kind: 'waiting', why: 'network', inMemory: true }])
    expect(await tab.files.find(board, standInHash(bytes))).toEqual({ kind: 'found', bytes })
    await goOnline()
    expect(isThere(server, bytes)).toBe(true)
    expect(states()).toEqual([])
  })

  test('[F9] writes it down as soon as there is room', async () => {
    const { clock, device, engine, tab, states } = await oneDevice()
    device.store.fault = 'unavailable'
    await attach(tab, engine, someBytes(500))
    device.store.fault = null
    tab.tell('visible')
    await clock.settle()
    expect(states()).toEqual([{ kind: 'waiting', why: 'network', inMemory: false }])
    expect(await device.store.list()).toHaveLength(1)
  })

  test('[F6] [F9] lets copies go that the server has, and never what it has not', async () => {
    const { clock, device, engine, tab, goOnline, states } = await oneDevice()
    device.store.room = 1_000
    await attach(tab, engine, someBytes(600, 1))
    await goOnline()
    await attach(tab, engine, someBytes(400, 2))
    engine.connection.set(offline)
    await attach(tab, engine, someBytes(500, 3))
    await clock.settle()
    expect((await device.store.list()).map(({ bytes }) => bytes).sort()).toEqual([400, 500])
    expect(tab.files.stateOf(standInHash(someBytes(600, 1)))).toEqual({ kind: 'away' })
    await attach(tab, engine, someBytes(300, 4))
    await clock.settle()
    expect(states().map(({ inMemory }) => inMemory)).toEqual([false, false, true])
  })

  test('[F6] keeps the copies that were looked at last', async () => {
    const { clock, server, device, goOnline } = await oneDevice()
    await goOnline()
    for (const seed of [1, 2, 3]) {
      const bytes = new Uint8Array(90 * 1024 * 1024).fill(seed)
      await device.store.put({ sha256: String(seed), bytes: bytes.length, usedAt: seed, places: {} }, bytes)
    }
    const { files } = device.tab()
    await clock.settle()
    const bytes = someBytes(30 * 1024)
    server.files.set(onServer(bytes), bytes)
    await files.find(board, standInHash(bytes))
    const left = (await device.store.list()).map(({ usedAt }) => usedAt)
    expect(left.filter((at) => at < 10)).toEqual([2, 3])
  })
})

describe('what comes back', () => {
  test('[F10] damaged from the device is fetched again where the server has it, and not sent where it has not', async () => {
    const { clock, server, device, engine, tab, goOnline, states } = await oneDevice()
    const bytes = someBytes(90)
    await attach(tab, engine, bytes)
    await goOnline()
    device.store.spoil(standInHash(bytes))
    expect(await tab.files.find(board, standInHash(bytes))).toEqual({ kind: 'found', bytes })
    expect(await device.store.read(standInHash(bytes))).toEqual(bytes)

    engine.connection.set(offline)
    const other = someBytes(90, 2)
    await attach(tab, engine, other)
    device.store.spoil(standInHash(other))
    await goOnline()
    await clock.settle()
    expect(states()).toEqual([{ kind: 'failed', code: 'damaged', inMemory: false }])
    expect(server.files.has(onServer(other))).toBe(false)
  })

  test('[F10] damaged from the server is never shown; what is nowhere says so; an absent network is no verdict', async () => {
    const { server, tab, goOnline } = await oneDevice()
    await goOnline()
    const bytes = someBytes(90)
    expect(await tab.files.find(board, standInHash(bytes))).toEqual({ kind: 'nowhere' })
    server.files.set(onServer(bytes), someBytes(90, 2))
    expect(await tab.files.find(board, standInHash(bytes))).toEqual({ kind: 'damaged' })
    server.fail = () => new FileServerError('unreachable', 'no answer')
    expect(await tab.files.find(board, standInHash(bytes))).toEqual({ kind: 'unreachable' })
    server.fail = () => new FileServerError('refused', 'no')
    expect(await tab.files.find(board, standInHash(bytes))).toEqual({ kind: 'refused' })
    server.fail = () => null
    server.files.set(onServer(bytes), bytes)
    const asked = server.calls.length
    const [one, two] = await Promise.all([1, 2].map(() => tab.files.find(board, standInHash(bytes))))
    expect([one, two]).toEqual([1, 2].map(() => ({ kind: 'found', bytes })))
    expect(server.calls.slice(asked)).toEqual(['download'])
  })
})

describe('what was removed', () => {
  test('[F11] is not sent, stays for a week of trash, and is sent when it comes back', async () => {
    const { clock, server, device, engine, tab, goOnline } = await oneDevice()
    const bytes = someBytes(90)
    const id = await attach(tab, engine, bytes)
    markRemoved(engine, id, clock.now())
    await goOnline()
    expect(server.files.size).toBe(0)
    await clock.advance(6 * day)
    tab.tell('visible')
    await clock.settle()
    expect(await device.store.list()).toHaveLength(1)
    markRemoved(engine, id, null)
    await goOnline()
    expect(isThere(server, bytes)).toBe(true)
  })

  test('[F11] and nobody wanted back for a week is dropped, what never was named too', async () => {
    const { clock, device, engine, tab } = await oneDevice()
    const id = await attach(tab, engine, someBytes(90))
    markRemoved(engine, id, clock.now())
    await tab.files.keep(board, someBytes(80))
    await clock.advance(8 * day)
    tab.tell('visible')
    await clock.settle()
    expect(await device.store.list()).toEqual([])
  })

  test('[F2] [F11] from one of two documents is still sent, and kept, for the other', async () => {
    const { clock, server, device, engine, tab, goOnline } = await oneDevice()
    const other = `ws/${workspace}/board/other`
    const bytes = someBytes(90)
    await attach(tab, engine, bytes)
    const id = await attach(tab, engine, bytes, other)
    markRemoved(engine, id, clock.now(), other)
    tab.crash()
    // No screen of the next life shows any of them.
    const next = device.tab()
    await clock.advance(8 * day)
    next.tell('visible')
    await clock.settle()
    expect(await device.store.list()).toHaveLength(1)
    await goOnline()
    expect(isThere(server, bytes)).toBe(true)
  })

  test('[F11] by the server, while a device still names it, is sent again by the device that has it', async () => {
    const { clock, server, device, engine, tab, goOnline } = await oneDevice()
    const bytes = someBytes(90)
    await attach(tab, engine, bytes)
    await goOnline()
    server.files.clear()
    await clock.advance(2 * day)
    tab.tell('visible')
    await clock.settle()
    expect(isThere(server, bytes)).toBe(true)
    expect((await device.store.list())[0]?.places[workspace]?.confirmedAt).toBeGreaterThan(0)
  })
})

test('a store that fails in the middle stops nothing: what is known in this tab goes on', async () => {
  const { clock, server, device, engine, tab, goOnline, states } = await oneDevice()
  const bytes = someBytes(90)
  await attach(tab, engine, bytes)
  const change = device.store.change
  device.store.change = async () => {
    throw new StorageError('unavailable', 'closed under our hands')
  }
  await goOnline()
  await clock.advance(10_000)
  expect(isThere(server, bytes)).toBe(true)
  expect(states()).toEqual([])
  device.store.change = change
})
