import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { makeMemoryStorage } from '../../src/sync/testing/memory-storage.ts'
import { addTask, numbered, removeTask, setTask, shown } from '../../src/sync/testing/scene.ts'
import { compactNow, growOldAndTrim } from '../harness/compaction.ts'
import {
  equal,
  live,
  nothingPending,
  startDevice,
  stopDevices,
  twoDevices,
  until,
} from '../harness/device-on-stack.ts'
import { makePerson, addMember } from '../harness/people.ts'
import { claimed, finish } from '../sql/leases.ts'
import { openDatabase } from '../sql/log.ts'

// [S4] with a real PostgreSQL: every table of a document is put back as it was, while devices go on.

const sql = openDatabase()
const schema = `backup_${randomBytes(4).toString('hex')}`
afterAll(async () => {
  await sql`drop schema if exists ${sql(schema)} cascade`
  await sql.end()
})
afterEach(stopDevices)

// In the order in which they refer to each other.
const tables = [
  'public.docs',
  'public.doc_updates',
  'public.doc_snapshots',
  'private.trimmed_ops',
  'private.compactions',
  'private.unreadable_lines',
]

/** What a nightly dump has of the document; gives what puts it back. */
async function backup(doc: string): Promise<() => Promise<void>> {
  await sql`create schema if not exists ${sql(schema)}`
  const mark = randomBytes(4).toString('hex')
  const kept = tables.map((table) => [table, `${schema}.${table.replace('.', '_')}_${mark}`] as const)
  for (const [table, copy] of kept) {
    const key = table === 'public.docs' ? 'id' : 'doc_id'
    await sql`create table ${sql(copy)} as select * from ${sql(table)} where ${sql(key)} = ${doc}`
  }
  return () =>
    sql.begin(async (tx) => {
      await tx`delete from public.docs where id = ${doc}`
      for (const [table, copy] of kept) await tx`insert into ${tx(table)} select * from ${tx(copy)}`
    }) as unknown as Promise<void> // what `begin` gives back is nothing here
}

/** A device that has nothing yet sees what the log holds. */
async function fresh(workspace: string, board: string) {
  const person = await makePerson()
  await addMember(workspace, person, 'agent')
  const device = startDevice(person, workspace)
  const handle = device.engine.open(board)
  await live(device.engine)
  return handle
}

const rowOf = async (doc: string) =>
  (await sql`select head_seq, snapshot_seq, trimmed_seq, epoch from docs where id = ${doc}`)[0]

describe('[S4] a server restored from an older backup', () => {
  test('is healed by two devices, of which each has something that it lost', async () => {
    const { workspace, board, a, b, onA, onB } = await twoDevices()
    addTask(onA, numbered(1), { title: 'in the backup' })
    await equal(onA, onB, 1)
    const restore = await backup(board)

    b.goOffline()
    addTask(onA, numbered(2), { title: 'of A, lost by the server' })
    await nothingPending(a.engine)
    a.goOffline()
    b.goOnline()
    await live(b.engine)
    await equal(onB, onA, 2)
    addTask(onB, numbered(3), { title: 'of B, lost by the server' })
    removeTask(onB, numbered(1))
    await nothingPending(b.engine)
    b.goOffline()
    await restore()
    expect(await rowOf(board)).toMatchObject({ head_seq: 1 })

    addTask(onA, numbered(4), { title: 'of A, never sent' })
    a.goOnline()
    b.goOnline()
    await live(a.engine, b.engine)
    await equal(onA, onB, 3)
    await nothingPending(a.engine, b.engine)
    await equal(await fresh(workspace, board), onA, 3)
    expect(Object.keys(shown(onA)).sort()).toEqual([2, 3, 4].map(numbered))
    expect([a, b].map(({ engine }) => engine.state.get().problem)).toEqual([null, null])
  })

  test('[P15] is healed by a device whose lines others have replaced, compacted and trimmed meanwhile', async () => {
    const { workspace, board, a, b, onA, onB } = await twoDevices()
    addTask(onA, numbered(1), { title: 'in the backup' })
    await equal(onA, onB, 1)
    const restore = await backup(board)
    a.goOffline()
    for (const n of [2, 3]) {
      addTask(onB, numbered(n), { title: `of B, lost by the server: ${n}` })
      await nothingPending(b.engine)
    }
    b.goOffline()
    await restore()

    // Nobody has noticed: A was at the place of the backup. It writes over what B knows.
    a.goOnline()
    await live(a.engine)
    for (const n of [4, 5, 6, 7]) {
      addTask(onA, numbered(n), { title: `of A: ${n}` })
      await nothingPending(a.engine)
    }
    await compactNow([board])
    await growOldAndTrim(sql, board)
    const before = await rowOf(board)
    expect(before).toMatchObject({ head_seq: 5, snapshot_seq: 5, trimmed_seq: 5 })

    b.goOnline()
    await live(b.engine)
    await equal(onA, onB, 7)
    await nothingPending(a.engine, b.engine)
    expect((await rowOf(board))?.['epoch']).not.toBe(before?.['epoch'])
    await equal(await fresh(workspace, board), onA, 7)
  })

  test('to before its snapshot is healed, and compacted anew', async () => {
    const { workspace, board, a, b, onA, onB } = await twoDevices()
    addTask(onA, numbered(1), { title: 'in the backup' })
    await equal(onA, onB, 1)
    const restore = await backup(board)
    for (const n of [2, 3]) {
      addTask(onB, numbered(n), { title: 'in a snapshot that is gone' })
      await nothingPending(b.engine)
    }
    await equal(onA, onB, 3)
    await compactNow([board])
    await growOldAndTrim(sql, board)
    const job = { stale: null as Awaited<ReturnType<typeof claimed>> | null }
    setTask(onA, numbered(2), { status: 'done' })
    await equal(onA, onB, 3)
    await nothingPending(a.engine)
    // A run is under way when the database is put back.
    job.stale = await claimed(board)
    await restore()
    expect(await rowOf(board)).toMatchObject({ head_seq: 1, snapshot_seq: 0, trimmed_seq: 0 })
    await expect(finish(job.stale)).rejects.toMatchObject({ details: 'lease_lost' })

    await Promise.all([a.engine.syncNow(), b.engine.syncNow()])
    await nothingPending(a.engine, b.engine)
    await equal(await fresh(workspace, board), onA, 3)
    await compactNow([board])
    await growOldAndTrim(sql, board)
    await equal(await fresh(workspace, board), onB, 3)
    expect(shown(onB)[numbered(2)]).toMatchObject({ status: 'done' })
  })

  test('after compaction gives a device that was away for months all of it, with no new epoch for that', async () => {
    const { bruno, workspace, board, a, b, onA, onB } = await twoDevices()
    addTask(onA, numbered(1), { title: 'before B went away' })
    await equal(onA, onB, 1)
    await b.engine.stop()
    for (const n of [2, 3]) {
      addTask(onA, numbered(n), { title: 'meanwhile' })
      await nothingPending(a.engine)
    }
    await compactNow([board])
    await growOldAndTrim(sql, board)
    const restore = await backup(board)
    addTask(onA, numbered(4), { title: 'lost by the server' })
    await nothingPending(a.engine)
    await restore()
    await a.engine.syncNow()
    await nothingPending(a.engine)
    const { epoch } = (await rowOf(board)) ?? {}

    const back = startDevice(bruno, workspace, b.storage)
    const onBack = back.engine.open(board)
    await until(() => expect(Object.keys(shown(onBack)).length).toBeGreaterThan(0))
    addTask(onBack, numbered(5), { title: 'brought along' })
    await live(back.engine)
    await equal(onBack, onA, 5)
    await nothingPending(back.engine, a.engine)
    expect((await rowOf(board))?.['epoch']).toBe(epoch)
    await equal(await fresh(workspace, board), onA, 5)
  })
})

describe('[K6] a device that was away for months', () => {
  test('merges what it did with what was compacted and trimmed meanwhile, in the epoch that is', async () => {
    const { bruno, workspace, board, a, b, onA, onB } = await twoDevices()
    for (const n of [1, 2, 3]) addTask(onA, numbered(n), { title: `task ${n}`, labels: ['red'] })
    await equal(onA, onB, 3)
    const { epoch } = (await rowOf(board)) ?? {}
    b.goOffline()
    setTask(onB, numbered(1), { title: 'renamed while away' })
    setTask(onB, numbered(2), { status: 'done' })
    addTask(onB, numbered(4), { title: 'made while away' })
    await until(() =>
      expect(b.engine.state.get().pending.map(({ state }) => state)).toEqual(['device', 'device', 'device']),
    )
    await b.engine.stop()
    for (let n = 0; n < 6; n++) {
      setTask(onA, numbered(1), { priority: 'p1', status: n % 2 ? 'blocked' : 'in_progress' })
      await nothingPending(a.engine)
      if (n === 2) removeTask(onA, numbered(2))
      await compactNow([board])
      await growOldAndTrim(sql, board)
    }
    const back = startDevice(bruno, workspace, b.storage)
    const onBack = back.engine.open(board)
    await live(back.engine)
    await equal(onBack, onA, 3)
    await nothingPending(back.engine, a.engine)
    expect(shown(onA)).toMatchObject({
      [numbered(1)]: { title: 'renamed while away', status: 'blocked', priority: 'p1' },
      [numbered(4)]: { title: 'made while away' },
    })
    expect((await rowOf(board))?.['epoch']).toBe(epoch)
    await equal(await fresh(workspace, board), onA, 3)
  })

  test('[P11] and pushes again what it had no answer for makes one line of it', async () => {
    const { board, a, b, onA, onB } = await twoDevices()
    addTask(onA, numbered(1), { title: 'there' })
    await equal(onA, onB, 1)
    b.network.loseAnswers = 1
    addTask(onB, numbered(2), { title: 'answer lost' })
    await until(async () => expect(await rowOf(board)).toMatchObject({ head_seq: 2 }))
    b.goOffline()
    await compactNow([board])
    await growOldAndTrim(sql, board)
    b.goOnline()
    await live(b.engine)
    await nothingPending(a.engine, b.engine)
    await equal(onA, onB, 2)
    expect(await rowOf(board)).toMatchObject({ head_seq: 2 })
  })
})

test('[P26] a board of megabytes reaches a fresh device in slices', { timeout: 60_000 }, async () => {
  const { workspace, board, a, onA } = await twoDevices()
  a.goOffline()
  for (let n = 0; n < 40; n++) {
    onA.change({ collection: 'x', entity: 'x', fields: [] }, (doc) => {
      doc.getMap('x').set(String(n), randomBytes(50_000).toString('hex'))
    })
  }
  a.goOnline()
  await nothingPending(a.engine)
  await compactNow([board])
  await growOldAndTrim(sql, board)
  const person = await makePerson()
  await addMember(workspace, person, 'agent')
  const device = startDevice(person, workspace, makeMemoryStorage())
  const handle = device.engine.open(board)
  await until(() => expect(handle.doc.getMap('x').size).toBe(40))
  expect(handle.doc.getMap('x').toJSON()).toEqual(onA.doc.getMap('x').toJSON())
})
