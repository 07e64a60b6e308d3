import { describe, expect, test } from 'vitest'
import { conversationDocument, directoryDocument } from '../domain/document-ids.ts'
import { LogServerError } from './ports.ts'
import {
  addTask,
  board,
  makeScene,
  numbered,
  one,
  shown,
  two,
  twoDevices,
  workspace,
} from './testing/scene.ts'

describe('the session', () => {
  test('[C7] a refused token is renewed once and the edit goes out', async () => {
    const { clock, a, onA, twin } = await twoDevices()
    a.network.fail = () =>
      a.renewals.forced === 0 ? new LogServerError('unauthorised', 'JWT expired') : null
    addTask(onA, one, { title: 'kept' })
    await clock.advance(2_000)
    expect(a.renewals.forced).toBe(1)
    expect(twin.updates(board)).toHaveLength(1)
    expect(a.engine.connection.get().kind).toBe('live')
  })

  test('[C7] refused for good, the person is asked to sign in, and edits wait on the device', async () => {
    const { clock, a, onA, twin } = await twoDevices()
    a.network.fail = () => new LogServerError('unauthorised', 'JWT expired')
    addTask(onA, one, { title: 'kept' })
    await clock.advance(2_000)
    expect(a.engine.connection.get().kind).toBe('signed-out')
    expect(a.renewals.forced).toBe(1)
    a.network.fail = () => null
    await clock.advance(600_000)
    expect(twin.updates(board)).toHaveLength(0)
    a.sign(true)
    await clock.advance(1_000)
    expect(twin.updates(board)).toHaveLength(1)
    expect(a.engine.state.get().pending).toEqual([])
  })

  test('[C7] a session that cannot be renewed for want of a network keeps the person', async () => {
    const { clock, a } = await twoDevices()
    a.renewal = 'unreachable'
    a.network.cut()
    await clock.advance(600_000)
    expect(a.engine.connection.get().kind).toBe('offline')
    a.renewal = 'ready'
    a.network.heal()
    await clock.advance(40_000)
    expect(a.engine.connection.get().kind).toBe('live')
  })
})

describe('the connection', () => {
  test('[C2] where websockets do not pass, documents still travel by polling', async () => {
    const scene = makeScene()
    const a = scene.device('ana')
    const b = scene.device('bruno')
    b.network.websockets = false
    const onA = a.engine.open(board)
    const onB = b.engine.open(board)
    await scene.clock.advance(12_000)
    expect(b.engine.connection.get()).toMatchObject({ kind: 'polling' })
    addTask(onA, one, { title: 'told' })
    await scene.clock.advance(31_000)
    expect(shown(onB)).toEqual(shown(onA))
    addTask(onB, two, { title: 'asked' })
    await scene.clock.advance(100)
    expect(shown(onA)).toEqual(shown(onB))
    b.network.websockets = true
    await scene.clock.advance(40_000)
    expect(b.engine.connection.get().kind).toBe('live')
    const { pull } = b.network.calls
    await scene.clock.advance(59_000)
    expect(b.network.calls.pull - pull).toBeLessThanOrEqual(1)
  })

  test('a document opened while the first exchange is under way is read too', async () => {
    const { clock, device, onA } = await twoDevices()
    addTask(onA, one, { title: 'there' })
    await clock.advance(100)
    const late = device('carla')
    late.network.latency = () => 100
    late.engine.open(directoryDocument(workspace))
    await clock.advance(150)
    expect(late.engine.connection.get().kind).toBe('starting')
    const onLate = late.engine.open(board)
    await clock.advance(1_000)
    expect(shown(onLate)).toEqual(shown(onA))
  })

  test('[C9] a socket that is open but silent is found by the slow check', async () => {
    const { clock, b, onA, onB } = await twoDevices()
    b.network.state = 'silent'
    addTask(onA, one, { title: 'unheard' })
    await clock.advance(90_000)
    expect(b.engine.connection.get().kind).not.toBe('live')
    b.network.heal()
    await clock.advance(60_000)
    expect(b.engine.connection.get().kind).toBe('live')
    expect(shown(onB)).toEqual(shown(onA))
  })

  test('[C17] who begins a conversation hears what is written in it, as everybody', async () => {
    const { clock, a, b } = await twoDevices()
    const onA = a.engine.open(conversationDocument(two))
    await clock.advance(100)
    expect(a.network.joined).not.toContain(`conv:${two}`)
    addTask(onA, one, { title: 'first' })
    await clock.advance(100)
    const onB = b.engine.open(conversationDocument(two))
    await clock.advance(100)
    addTask(onB, two, { title: 'answer' })
    await clock.advance(100)
    expect(Object.keys(shown(onA))).toEqual([one, two])
  })

  test('[C17] a topic that was refused is joined with the next exchange, once', async () => {
    const { clock, a, b } = await twoDevices()
    const onB = b.engine.open(conversationDocument(two))
    await clock.advance(100)
    addTask(a.engine.open(conversationDocument(two)), one, { title: 'begun by somebody else' })
    await clock.advance(61_000)
    expect(b.network.joined.filter((topic) => topic === `conv:${two}`)).toHaveLength(1)
    const { joins } = b.network.calls
    onB.release()
    await clock.advance(200_000)
    expect(b.network.joined).not.toContain(`conv:${two}`)
    expect(b.network.calls.joins).toBe(joins)
  })

  test('a server that is gone for an hour is found again, and every edit is on it', async () => {
    const { clock, a, b, onA, onB } = await twoDevices()
    a.network.cut()
    b.network.cut()
    for (let n = 0; n < 60; n++) {
      addTask(onA, numbered(10 + n), { title: String(n) })
      await clock.advance(60_000)
    }
    expect(a.engine.connection.get().kind).toBe('offline')
    expect(clock.timers).toBeLessThan(12)
    a.network.heal()
    b.network.heal()
    await clock.advance(70_000)
    expect(a.engine.state.get()).toMatchObject({ pending: [], sending: false })
    expect(Object.keys(shown(onB))).toHaveLength(60)
  })

  test('stopped, it leaves no timer, no topic and no call behind', async () => {
    const { clock, a, b, onA } = await twoDevices()
    addTask(onA, one, { title: 'last' })
    await a.engine.stop()
    await b.engine.stop()
    expect(a.network.joined).toEqual([])
    await clock.advance(100_000)
    expect(clock.timers).toBe(0)
    expect(a.storage.content(board).pending).toHaveLength(1)
  })
})
