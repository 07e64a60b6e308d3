import postgres from 'postgres'
import { afterAll, afterEach, describe, expect, inject, test } from 'vitest'
import { addTask, numbered, removeTask, setTask, shown } from '../../src/sync/testing/scene.ts'
import {
  equal,
  live,
  nothingPending,
  startDevice,
  stopDevices,
  twoDevices,
  until,
} from '../harness/device-on-stack.ts'
import { addMember, makePerson } from '../harness/people.ts'

afterEach(stopDevices)

describe('the engine against the real stack', () => {
  const sql = postgres(inject('stack').DATABASE_URL, { max: 1, onnotice() {} })
  afterAll(() => sql.end())

  test('an edit is told to the other device by the database and acknowledged', async () => {
    const { a, b, onA, onB, board } = await twoDevices()
    addTask(onA, numbered(1), { title: 'Call the carrier', labels: ['red'] })
    await equal(onA, onB, 1)
    await nothingPending(a.engine)
    setTask(onB, numbered(1), { status: 'done' })
    await equal(onB, onA, 1)
    await nothingPending(b.engine)
    const [row] = await sql`select count(*)::int as lines from public.doc_updates where doc_id = ${board}`
    expect(row).toEqual({ lines: 2 })
  })

  test('edits made while apart, some behind a reload, end up equal on both and once in the log', async () => {
    const { bruno, workspace, board, a, b, onA, onB } = await twoDevices()
    addTask(onA, numbered(1), { title: 'Pack' })
    await equal(onA, onB, 1)
    b.goOffline()
    setTask(onA, numbered(1), { status: 'done' })
    setTask(onB, numbered(1), { title: 'Pack the boxes' })
    for (let n = 2; n < 12; n++) addTask(onB, numbered(n), { title: `offline ${n}` })
    removeTask(onB, numbered(11))
    await until(() =>
      expect(b.engine.state.get().pending.map(({ state }) => state)).toEqual(Array(11).fill('device')),
    )
    await b.engine.stop()
    const again = startDevice(bruno, workspace, b.storage)
    const onAgain = again.engine.open(board)
    await equal(onAgain, onA, 10)
    await nothingPending(a.engine, again.engine)
    expect(shown(onA)[numbered(1)]).toMatchObject({ title: 'Pack the boxes', status: 'done' })
  })

  test('[S5] a push whose answer was lost is in the log once', async () => {
    const { a, onA, onB, board } = await twoDevices()
    a.network.loseAnswers = 1
    addTask(onA, numbered(1), { title: 'Pack' })
    await equal(onA, onB, 1)
    await nothingPending(a.engine)
    const [row] = await sql`select count(*)::int as lines from public.doc_updates where doc_id = ${board}`
    expect(row).toEqual({ lines: 1 })
  })

  test('[S4] a server restored from an older backup is healed by the device that was ahead', async () => {
    const { bruno, workspace, board, a, b, onA, onB } = await twoDevices()
    addTask(onA, numbered(1), { title: 'kept' })
    await equal(onA, onB, 1)
    addTask(onA, numbered(2), { title: 'lost by the server' })
    await equal(onA, onB, 2)
    await nothingPending(a.engine)
    await b.engine.stop()
    await sql`delete from public.doc_updates where doc_id = ${board} and seq > 1`
    await sql`update public.docs set head_seq = 1 where id = ${board}`
    await a.engine.syncNow()
    const fresh = startDevice(bruno, workspace)
    const onFresh = fresh.engine.open(board)
    await equal(onA, onFresh, 2)
    expect(a.engine.state.get().problem).toBeNull()
  })

  test('a device that is back after the network was away joins, pulls, and only then is live', async () => {
    const { a, b, onA, onB } = await twoDevices()
    b.goOffline()
    await until(() => expect(b.engine.connection.get().kind).toBe('offline'))
    addTask(onA, numbered(1), { title: 'missed' })
    await nothingPending(a.engine)
    b.goOnline()
    await live(b.engine)
    expect(shown(onB)).toEqual(shown(onA))
    addTask(onA, numbered(2), { title: 'told again' })
    await equal(onA, onB, 2)
  })

  test('an update too large to be told is pulled', async () => {
    const { onA, onB } = await twoDevices()
    onA.change({ collection: 'tasks', entity: 'x', fields: [] }, (doc) => {
      doc.getText('long').insert(0, 'x'.repeat(300_000))
    })
    await until(() => expect(onB.doc.getText('long').length).toBe(300_000))
  })

  test('several megabytes written while apart arrive in pieces, in order', async () => {
    const { a, onA, onB } = await twoDevices()
    a.goOffline()
    for (let n = 0; n < 30; n++) {
      onA.change({ collection: 'x', entity: 'x', fields: [] }, (doc) => {
        doc.getMap('x').set(String(n), 'y'.repeat(100_000))
        doc.getArray('list').push([n])
      })
    }
    a.goOnline()
    await nothingPending(a.engine)
    await until(() => expect(onB.doc.getArray('list').toJSON()).toEqual(onA.doc.getArray('list').toJSON()))
    expect(onB.doc.getMap('x').size).toBe(30)
  })

  test('a stranger is refused and a viewer is told why', async () => {
    const { workspace, board, onA, onB } = await twoDevices()
    addTask(onA, numbered(1), { title: 'theirs' })
    await equal(onA, onB, 1)
    const stranger = startDevice(await makePerson(), workspace)
    const onStranger = stranger.engine.open(board)
    await until(() =>
      expect(stranger.engine.connection.get()).toMatchObject({ kind: 'refused', code: 'not_a_member' }),
    )
    expect(shown(onStranger)).toEqual({})

    const vera = await makePerson()
    await addMember(workspace, vera, 'viewer')
    const viewer = startDevice(vera, workspace)
    const onViewer = viewer.engine.open(board)
    await equal(onA, onViewer, 1)
    setTask(onViewer, numbered(1), { title: 'mine' })
    await until(() =>
      expect(viewer.engine.state.get().pending).toMatchObject([
        { state: 'refused', refusal: { code: 'read_only' } },
      ]),
    )
    const [change] = viewer.engine.state.get().pending
    await viewer.engine.discard(change?.id ?? '')
    expect(shown(onViewer)).toEqual(shown(onA))
  })

  test('[C7] a person who signed out elsewhere is asked to sign in, and their edits wait', async () => {
    const { ana, a, onA } = await twoDevices()
    await ana.client.auth.signOut()
    await until(() => expect(a.engine.connection.get().kind).toBe('signed-out'))
    addTask(onA, numbered(1), { title: 'kept' })
    await until(() => expect(a.engine.state.get().pending).toMatchObject([{ state: 'device' }]))
    await ana.client.auth.signInWithPassword({ email: ana.email, password: ana.password })
    await live(a.engine)
    await nothingPending(a.engine)
  })
})
