import { describe, expect, test } from 'vitest'
import { FileServerError } from './file-ports.ts'
import {
  attach,
  board,
  isThere,
  live,
  offline,
  onServer,
  oneDevice,
  someBytes,
  standInHash,
} from './testing/file-scene.ts'

const part = 6 * 1024 * 1024
const day = 86_400_000

describe('a file added with no network', () => {
  test('[F1] [F2] is shown from here, outlives its tab, and is sent when the network is there', async () => {
    const { clock, server, device, engine, tab, states } = await oneDevice()
    const bytes = someBytes(5_000)
    await attach(tab, engine, bytes)
    await clock.settle()
    expect(states()).toEqual([{ kind: 'waiting', why: 'network', inMemory: false }])
    tab.crash()

    // Nobody opens its screen: the store remembers which document names it.
    const { files } = device.tab()
    await clock.settle()
    expect(await files.find(board, standInHash(bytes))).toEqual({ kind: 'found', bytes })
    expect(files.unsent.get()).toHaveLength(1)
    expect(server.calls).toEqual([])
    await engine.syncNow()
    engine.connection.set(live)
    await clock.settle()
    expect(isThere(server, bytes)).toBe(true)
    expect(files.unsent.get()).toEqual([])
    expect(files.stateOf(standInHash(bytes))).toEqual({ kind: 'safe' })
    expect(server.received).toBe(bytes.length)
  })

  test('[F3] goes after the fact that names it; files go one by one, oldest first', async () => {
    const { clock, server, engine, tab, states } = await oneDevice()
    await attach(tab, engine, someBytes(10, 1))
    await attach(tab, engine, someBytes(10, 2))
    engine.connection.set(live)
    await clock.settle()
    expect(states()).toEqual([1, 2].map(() => ({ kind: 'waiting', why: 'facts', inMemory: false })))
    expect(server.calls).toEqual([])
    server.latency = 100
    await engine.syncNow()
    await clock.advance(700)
    expect(states().map(({ kind }) => kind)).toEqual(['sending', 'waiting'])
    await clock.advance(5_000)
    expect(states()).toEqual([])
    expect([...server.files.keys()]).toEqual([1, 2].map((seed) => onServer(someBytes(10, seed))))
  })

  test('[F5] is sent once, however often and wherever the same bytes are added', async () => {
    const { scene, clock, server, engine, tab, goOnline } = await oneDevice()
    const bytes = someBytes(900)
    await attach(tab, engine, bytes)
    await attach(tab, engine, bytes)
    await goOnline()
    await attach(tab, engine, bytes)
    await goOnline()
    const other = scene.device()
    const { files } = other.tab()
    files.follow(board)
    await attach({ files }, other.engine, bytes)
    await other.engine.syncNow()
    other.engine.connection.set(live)
    await clock.settle()
    expect(files.stateOf(standInHash(bytes))).toEqual({ kind: 'safe' })
    expect(server.received).toBe(900)
  })

  test('[F5] takes the place of other bytes that lie under its name', async () => {
    const { server, engine, tab, goOnline } = await oneDevice()
    const bytes = someBytes(900)
    server.files.set(onServer(bytes), someBytes(100, 2))
    await attach(tab, engine, bytes)
    await goOnline()
    expect(isThere(server, bytes)).toBe(true)
  })
})

describe('a line that breaks', () => {
  test('[F4] a large file goes on inside the part that was cut, and is counted whole in the end', async () => {
    const { clock, server, engine, tab, goOnline } = await oneDevice()
    const bytes = someBytes(2 * part + 1_000)
    await attach(tab, engine, bytes)
    server.cutAfter = part - 77
    await goOnline()
    await clock.advance(1_300)
    server.cutAfter = Infinity
    await clock.advance(60_000)
    expect(isThere(server, bytes)).toBe(true)
    expect(server.received).toBe(bytes.length)
    expect(server.calls.filter((call) => call === 'begin')).toHaveLength(1)
  })

  test('[F4] an answer that was lost after the last byte costs no second upload', async () => {
    const { clock, server, engine, tab, goOnline } = await oneDevice()
    const bytes = someBytes(900)
    await attach(tab, engine, bytes)
    server.fail = (call) => {
      if (call !== 'append') return null
      server.loseAnswers = 1
      return null
    }
    await goOnline()
    await clock.advance(60_000)
    expect(isThere(server, bytes)).toBe(true)
    expect(server.received).toBe(900)
    expect(tab.files.unsent.get()).toEqual([])
  })

  test('[F4] an upload that the server forgot begins anew', async () => {
    const { clock, server, engine, tab, goOnline } = await oneDevice()
    const bytes = someBytes(900)
    await attach(tab, engine, bytes)
    server.cutAfter = 400
    await goOnline()
    server.expire()
    server.cutAfter = Infinity
    await clock.advance(60_000)
    expect(isThere(server, bytes)).toBe(true)
    expect(server.received).toBe(1_300)
  })

  test('[F7] is tried again after 1, 2, 4, 8, 16, 30, 30 seconds, each ± 20 %, and at once on a new connection', async () => {
    const { clock, server, engine, tab, goOnline } = await oneDevice()
    await attach(tab, engine, someBytes(9))
    const at: number[] = []
    server.fail = () => {
      at.push(clock.now())
      return new FileServerError('unreachable', 'no answer')
    }
    await goOnline()
    await clock.advance(130_000)
    const pauses = at.slice(1).map((time, index) => (time - (at[index] ?? 0)) / 1_000)
    for (const [index, wanted] of [1, 2, 4, 8, 16, 30, 30].entries()) {
      expect(pauses[index]).toBeGreaterThanOrEqual(wanted * 0.8)
      expect(pauses[index]).toBeLessThanOrEqual(wanted * 1.2)
    }
    const tries = at.length
    engine.connection.set(offline)
    await clock.settle()
    engine.connection.set(live)
    await clock.settle()
    expect(at).toHaveLength(tries + 1)
  })

  test('[F7] a longer pause that the server names is kept; one file that is being swept waits for it', async () => {
    const { clock, server, engine, tab, goOnline } = await oneDevice()
    const bytes = someBytes(9)
    await attach(tab, engine, bytes)
    server.leaving.add(standInHash(bytes))
    await goOnline()
    await clock.advance(59_000)
    expect(server.calls).toEqual(['sizes'])
    server.leaving.clear()
    await clock.advance(2_000)
    expect(isThere(server, bytes)).toBe(true)
  })
})

describe('a person’s wishes', () => {
  test('[F8] paused, files wait and say so, and one that is being sent stops and later goes on', async () => {
    const { clock, server, engine, tab, goOnline, states } = await oneDevice()
    const bytes = someBytes(3 * part)
    await attach(tab, engine, bytes)
    server.latency = 1_000
    await goOnline()
    await clock.advance(9_000)
    expect(states()[0]?.kind).toBe('sending')
    tab.policy.set({ paused: true, wifiOnly: false })
    await clock.advance(30_000)
    expect(states()).toEqual([{ kind: 'waiting', why: 'paused', inMemory: false }])
    expect(server.files.size).toBe(0)
    tab.policy.set({ paused: false, wifiOnly: false })
    await clock.advance(60_000)
    expect(isThere(server, bytes)).toBe(true)
    expect(server.received).toBe(bytes.length)
  })

  test.each([
    [true, 0],
    [false, 1],
    // Where the device does not tell, the wish cannot be kept, and the file is not kept back for ever.
    [null, 1],
  ])('[F8] Wi-Fi only, on a network that costs (%s): %d sent', async (metered, sent) => {
    const { server, engine, tab, goOnline, states } = await oneDevice()
    tab.policy.set({ paused: false, wifiOnly: true })
    tab.metered.set(metered)
    await attach(tab, engine, someBytes(9))
    await goOnline()
    expect(server.files.size).toBe(sent)
    expect(states()).toEqual(sent ? [] : [{ kind: 'waiting', why: 'wifi', inMemory: false }])
  })
})

describe('a server that says no', () => {
  test.each(['refused', 'too-large', 'rejected'] as const)(
    '[F7] to one file (%s) keeps no other waiting, and is asked again when the person asks',
    async (reason) => {
      const { clock, server, engine, tab, goOnline, states } = await oneDevice()
      await attach(tab, engine, someBytes(9, 1))
      await attach(tab, engine, someBytes(9, 2))
      let no = true
      server.fail = (call) => {
        const first = call === 'begin' && no
        no &&= !first
        return first ? new FileServerError(reason, 'no') : null
      }
      await goOnline()
      expect(states()).toEqual([{ kind: 'failed', code: reason, inMemory: false }])
      expect([...server.files.keys()]).toEqual([onServer(someBytes(9, 2))])
      await clock.advance(day / 2)
      expect(states()).toHaveLength(1)
      tab.files.retry(standInHash(someBytes(9, 1)))
      await clock.settle()
      expect(states()).toEqual([])
      expect(server.files.size).toBe(2)
    },
  )

  test('[F7] a right that was given back is found with the next connection', async () => {
    const { clock, server, engine, tab, goOnline, states } = await oneDevice()
    await attach(tab, engine, someBytes(9))
    server.fail = () => new FileServerError('refused', 'no')
    await goOnline()
    expect(states()[0]?.kind).toBe('failed')
    server.fail = () => null
    engine.connection.set(offline)
    await clock.settle()
    engine.connection.set(live)
    await clock.settle()
    expect(states()).toEqual([])
  })
})
