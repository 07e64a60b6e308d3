/** What every `DocumentStorage` must do; run over memory and over IndexedDB. */
import { expect, test } from 'vitest'
import { STORAGE_FORMAT, type DocumentStorage, type StorageBatch, type SyncRecord } from '../ports.ts'

const id = 'ws/0b9c8f6e-3d52-4a1f-9d55-0d5a6b1c2e3f/board/main'
const bytes = (...values: number[]) => Uint8Array.from(values)
const batch = (part: Partial<StorageBatch>): StorageBatch => ({
  updates: [],
  pending: [],
  settled: [],
  setAside: [],
  ...part,
})
const record = (seq: number, part: Partial<SyncRecord> = {}): SyncRecord => ({
  epoch: 'e1',
  cursor: { seq, op_id: `op${seq}` },
  anchor: { seq, op_id: `op${seq}` },
  acknowledged: new Map([[7, seq]]),
  ...part,
})
const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id)
const pending = (name: string) => ({
  id: name,
  collection: 'tasks',
  entity: 'x',
  fields: ['title'],
  at: 1,
  client: 7,
  deletes: true,
  rev: 0,
})

export function describeStorageContract(makeStorage: () => DocumentStorage): void {
  test('an empty document reads as nothing', async () => {
    const stored = await makeStorage().open(id)
    expect(await stored.read()).toEqual({
      updates: [],
      sync: null,
      pending: [],
      setAside: [],
      generation: 0,
      format: STORAGE_FORMAT,
    })
    stored.close()
  })

  test('[D2] what one transaction wrote is read again, in order, after closing', async () => {
    const storage = makeStorage()
    const first = await storage.open(id)
    await first.write(
      batch({
        updates: [bytes(1), bytes(2)],
        sync: record(1),
        pending: [pending('a'), pending('b')],
      }),
    )
    await first.write(
      batch({ updates: [bytes(3)], settled: [{ id: 'a', rev: 0 }], setAside: [{ seq: 4, op_id: 'x' }] }),
    )
    first.close()
    const again = await storage.open(id)
    expect(await again.read()).toEqual({
      updates: [bytes(1), bytes(2), bytes(3)],
      sync: record(1),
      pending: [pending('b')],
      setAside: [{ seq: 4, op_id: 'x' }],
      generation: 0,
      format: STORAGE_FORMAT,
    })
    again.close()
  })

  test('[S3] a cursor does not go back within its epoch, and vectors grow together', async () => {
    const stored = await makeStorage().open(id)
    await stored.write(batch({ sync: record(5) }))
    await stored.write(batch({ sync: record(3, { acknowledged: new Map([[8, 9]]) }) }))
    expect((await stored.read()).sync).toEqual(
      record(5, {
        acknowledged: new Map([
          [7, 5],
          [8, 9],
        ]),
      }),
    )
    stored.close()
  })

  test('[S4] a record of another epoch replaces the old one whole', async () => {
    const stored = await makeStorage().open(id)
    await stored.write(batch({ sync: record(5) }))
    const restarted = record(0, { epoch: 'e2', cursor: { seq: 0, op_id: null }, acknowledged: new Map() })
    await stored.write(batch({ sync: restarted }))
    expect((await stored.read()).sync).toEqual(restarted)
    stored.close()
  })

  test('[D5] compaction takes in what a sibling wrote since, and leaves one update', async () => {
    const storage = makeStorage()
    const mine = await storage.open(id)
    await mine.write(batch({ updates: [bytes(1), bytes(2)], sync: record(2) }))
    await mine.read()
    const sibling = await storage.open(id)
    await sibling.write(batch({ updates: [bytes(3)] }))
    await mine.compact((unseen) => Uint8Array.from([1, 2, ...unseen.flatMap((update) => [...update])]))
    await sibling.write(batch({ updates: [bytes(4)] }))
    const content = await mine.read()
    expect(content.updates).toEqual([bytes(1, 2, 3), bytes(4)])
    expect(content.sync).toEqual(record(2))
    mine.close()
    sibling.close()
  })

  test('replacing leaves nothing of before', async () => {
    const stored = await makeStorage().open(id)
    await stored.write(batch({ updates: [bytes(1)], sync: record(9), pending: [pending('a')] }))
    await stored.replace(batch({ updates: [bytes(2)], sync: record(1) }), 3)
    expect(await stored.read()).toEqual({
      updates: [bytes(2)],
      sync: record(1),
      pending: [],
      setAside: [],
      generation: 3,
      format: STORAGE_FORMAT,
    })
    stored.close()
  })

  test('[D9] what is settled up to a revision leaves a later one, in whichever order they come', async () => {
    const storage = makeStorage()
    const [mine, leader] = [await storage.open(id), await storage.open(id)]
    await mine.write(batch({ pending: [pending('a'), pending('b')] }))
    await mine.write(batch({ pending: [{ ...pending('a'), rev: 1 }] }))
    await leader.write(batch({ settled: [{ id: 'a', rev: 0 }] }))
    expect((await mine.read()).pending).toEqual([pending('b'), { ...pending('a'), rev: 1 }].toSorted(byId))
    await leader.write(
      batch({
        settled: [
          { id: 'a', rev: 1 },
          { id: 'b', rev: 0 },
        ],
      }),
    )
    expect((await mine.read()).pending).toEqual([])
    mine.close()
    leader.close()
  })

  test('[F2] a record is read, moved on and written with its updates in one transaction, or nothing is', async () => {
    const stored = await makeStorage().open(id)
    const seen: (SyncRecord | null)[] = []
    const onto = (next: StorageBatch | null) =>
      stored.advance((held) => {
        seen.push(held)
        return next
      })
    expect(
      await onto(batch({ updates: [bytes(1)], sync: record(1), setAside: [{ seq: 1, op_id: 'x' }] })),
    ).toBe(1)
    expect(await onto(null)).toBe(1)
    expect(await onto(batch({ updates: [bytes(2)], sync: record(2, { acknowledged: new Map() }) }))).toBe(2)
    expect(seen).toEqual([null, record(1), record(1)])
    expect(await stored.read()).toMatchObject({
      updates: [bytes(1), bytes(2)],
      // As it was made, not merged with what was held.
      sync: record(2, { acknowledged: new Map() }),
      pending: [],
      setAside: [{ seq: 1, op_id: 'x' }],
    })
    stored.close()
  })

  test('[F2] where kept documents stand is noted for many at once', async () => {
    const storage = makeStorage()
    const place = (doc: string, seq: number) => ({
      doc,
      epoch: 'e1',
      cursor: { seq, op_id: 'x' },
      lookedAt: 7,
    })
    await storage.notePlaces([place('conv/a', 1), place('conv/b', 1)])
    await storage.notePlaces([place('conv/b', 2)])
    expect(await storage.places()).toEqual([place('conv/a', 1), place('conv/b', 2)])
  })

  test('[D7] marks of unsent edits are each tab’s own, over all workspaces, and stay until they are removed', async () => {
    const storage = makeStorage()
    expect(await storage.unsent()).toEqual([])
    const mine = { doc: id, workspace: 'w1', tab: 'one' }
    const theirs = { doc: id, workspace: 'w1', tab: 'two' }
    const elsewhere = { doc: 'conv/x', workspace: 'w2', tab: 'one' }
    for (const mark of [mine, theirs, elsewhere, mine]) await storage.mark(mark)
    expect(await storage.unsent()).toHaveLength(3)
    await storage.unmark([mine, elsewhere])
    expect(await storage.unsent()).toEqual([theirs])
  })

  test('[D7] a mark that is set while it is being removed stays', async () => {
    const storage = makeStorage()
    const mine = { doc: id, workspace: 'w1', tab: 'one' }
    await storage.mark(mine)
    await Promise.all([storage.unmark([mine]), storage.mark(mine)])
    expect(await storage.unsent()).toEqual([mine])
  })

  test('[S16] what others told is kept until it is named again, and goes with what is replaced', async () => {
    const stored = await makeStorage().open(id)
    const told = [1, 2].map((n) => ({ id: `${n}`, update: bytes(n) }))
    await stored.write({ ...batch({}), told })
    expect((await stored.read()).told).toEqual(told)
    await stored.write({ ...batch({}), untold: ['1', 'unknown'] })
    expect((await stored.read()).told).toEqual(told.slice(1))
    await stored.replace(batch({}), 1)
    expect((await stored.read()).told).toBeUndefined()
  })

  test('a closed document refuses with a storage error', async () => {
    const stored = await makeStorage().open(id)
    stored.close()
    await expect(stored.write(batch({ updates: [bytes(1)] }))).rejects.toMatchObject({
      name: 'StorageError',
      reason: 'unavailable',
    })
  })
}
