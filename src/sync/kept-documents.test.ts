import { beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { makeKeptDocuments, type KeptDocuments } from './kept-documents.ts'
import { LogServerError, type StoredContent } from './ports.ts'
import { makeLogTwin, type LogTwin } from './testing/log-twin.ts'
import { makeMemoryStorage, type MemoryStorage } from './testing/memory-storage.ts'
import { makeNetwork, type Network } from './testing/network.ts'
import { makeSeededRandom } from './testing/seeded-random.ts'
import { workspace } from './testing/scene.ts'
import { makeVirtualClock, type VirtualClock } from './testing/virtual-clock.ts'

const HOUR = 3_600_000
const fleet = `ws/${workspace}/fleet`
const conversation = (n: number) => `conv/01ARYZ6S41TSV4RRFFQ6${String(n).padStart(6, '0')}`
const one = conversation(1)

let clock: VirtualClock
let twin: LogTwin
let storage: MemoryStorage
let network: Network
let up: boolean
let opened: string[]
let failures: unknown[]
let lines: string[]
const writers = new Map<string, Y.Doc>()

beforeEach(() => {
  clock = makeVirtualClock()
  twin = makeLogTwin(makeSeededRandom(1), clock)
  twin.join(workspace, 'ana', 'agent')
  twin.join(workspace, 'bruno', 'agent')
  storage = makeMemoryStorage()
  network = makeNetwork(clock, twin, 'ana')
  up = true
  opened = []
  failures = []
  lines = []
  writers.clear()
})

function start(): KeptDocuments {
  const { server } = network
  return makeKeptDocuments(
    {
      clock,
      random: makeSeededRandom(2),
      server,
      storage,
      log: ({ code, doc }) => void lines.push(`${code} ${doc}`),
    },
    {
      isUp: () => up,
      failed: (error) => void failures.push(error),
      open: (id) => void opened.push(id),
      changed() {},
    },
  )
}

/** Somebody else writes this. */
async function write(id: string, text: string): Promise<void> {
  const doc = writers.get(id) ?? new Y.Doc()
  writers.set(id, doc)
  const before = Y.encodeStateVector(doc)
  doc.getText('t').insert(doc.getText('t').length, text)
  const op_id = crypto.randomUUID()
  const update = Y.encodeStateAsUpdate(doc, before)
  const [result] = await twin
    .as('bruno')
    .push([{ doc: id, op_id, update, client_ids: [], workspace, anchor: null }], new AbortController().signal)
  if (result?.status !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(result)}`)
}

function textOf({ updates }: StoredContent): string {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc.getText('t').toJSON()
}

const stored = (id: string) => textOf(storage.content(id))
const cursorOf = (id: string) => storage.content(id).sync?.cursor.seq ?? 0

describe('[F2] a kept document', () => {
  test('is stored as it comes, with a record that says all of it is in the log', async () => {
    await write(one, 'hello')
    const kept = start()
    kept.keep([one])
    await clock.settle()
    await write(one, ' again')
    kept.look([one])
    await clock.settle()
    expect(stored(one)).toBe('hello again')
    const { sync, updates, pending } = storage.content(one)
    expect(updates).toHaveLength(2)
    expect(pending).toEqual([])
    expect(sync).toMatchObject({ cursor: { seq: 2 }, anchor: { seq: 2 } })
    const doc = new Y.Doc()
    for (const update of updates) Y.applyUpdate(doc, update)
    expect(sync?.acknowledged).toEqual(Y.decodeStateVector(Y.encodeStateVector(doc)))
  })

  test('starts with a snapshot where the lines are gone', async () => {
    await write(one, 'long ago')
    twin.compact(one, Y.encodeStateAsUpdate(writers.get(one) ?? new Y.Doc()))
    await write(one, ', and today')
    start().keep([one])
    await clock.settle()
    expect(stored(one)).toBe('long ago, and today')
    expect(cursorOf(one)).toBe(2)
  })

  test('takes what is told of it when it follows, many in one transaction, and pulls at a gap', async () => {
    const kept = start()
    kept.keep([fleet])
    await clock.settle()
    const pulls = network.calls.pull
    twin.onHint((_topic, hint) => kept.hear(hint))
    for (const word of ['a', 'b', 'c']) await write(fleet, word)
    expect(storage.written).toEqual([])
    await clock.advance(1_000)
    expect(stored(fleet)).toBe('abc')
    expect(storage.written).toHaveLength(1)
    expect(network.calls.pull).toBe(pulls)
    kept.hear({ doc: fleet, seq: 6, op_id: 'x', after: 'y', update: new Uint8Array(0) })
    await clock.advance(1_000)
    expect(network.calls.pull).toBe(pulls + 1)
    expect(stored(fleet)).toBe('abc')
    for (const word of ['d', 'e']) await write(fleet, word)
    await clock.advance(1_000)
    expect(stored(fleet)).toBe('abcde')
  })

  test('[S6] sets aside what cannot be read, and goes on', async () => {
    await write(one, 'a')
    twin.plant(one, Uint8Array.of(9, 9, 9))
    await write(one, 'b')
    const kept = start()
    kept.keep([one])
    await clock.settle()
    expect(stored(one)).toBe('ab')
    expect(storage.content(one).setAside).toMatchObject([{ seq: 2 }])
    expect(kept.problem).toMatchObject({ code: 'update_set_aside' })
    expect(lines).toEqual([`update-set-aside ${one}`])
  })

  test('[S4] is opened when the server was restored behind it, and nothing of it is touched', async () => {
    for (const word of ['a', 'b']) await write(one, word)
    const kept = start()
    kept.keep([one])
    await clock.settle()
    twin.forgetAfter(one, 1)
    await clock.advance(HOUR)
    kept.look([one])
    await clock.settle()
    expect(opened).toEqual([one])
    expect(stored(one)).toBe('ab')
    expect(cursorOf(one)).toBe(2)
  })

  test('whose storage was wiped under it comes back whole', async () => {
    await write(one, 'a')
    const kept = start()
    kept.keep([one])
    await clock.settle()
    storage.wipe()
    await write(one, 'b')
    kept.look([one])
    await clock.settle()
    expect(stored(one)).toBe('ab')
  })

  test('that somebody else has moved on meanwhile is read on from there, once', async () => {
    await write(one, 'a')
    start().keep([one])
    const other = start()
    other.keep([one])
    await clock.settle()
    await write(one, 'b')
    other.look([one])
    await clock.settle()
    await write(one, 'c')
    const kept = start()
    await storage.notePlaces([{ doc: one, epoch: null, cursor: { seq: 0, op_id: null }, lookedAt: 0 }])
    kept.keep([one])
    await clock.settle()
    expect(stored(one)).toBe('abc')
    expect(storage.content(one).updates).toHaveLength(3)
  })

  test('with hundreds of stored updates is merged without being opened', async () => {
    const kept = start()
    kept.keep([one])
    await clock.settle()
    for (let n = 0; n < 501; n++) {
      await write(one, 'x')
      kept.look([one])
      await clock.settle()
    }
    expect(storage.content(one).updates).toHaveLength(1)
    expect(stored(one)).toBe('x'.repeat(501))
  })

  test('[D4] waits when storage is full, without reading the same again and again, and then comes', async () => {
    await write(one, 'a')
    await write(conversation(2), 'b')
    storage.fault = 'full'
    const kept = start()
    kept.keep([one, conversation(2)])
    await clock.settle()
    expect(lines).toHaveLength(2)
    const pulls = network.calls.pull
    for (let minute = 0; minute < 4; minute++) {
      await clock.advance(60_000)
      kept.check()
    }
    expect(network.calls.pull).toBe(pulls)
    storage.fault = null
    await clock.advance(60_000)
    kept.check()
    await clock.settle()
    expect([stored(one), stored(conversation(2))]).toEqual(['a', 'b'])
  })
})

describe('[F3] what is opened', () => {
  test('is lent: nothing of it is written until it is given back, and then it goes on from there', async () => {
    await write(one, 'a')
    const kept = start()
    kept.keep([one])
    await clock.settle()
    await kept.lend(one)
    await write(one, 'b')
    kept.look([one])
    kept.hear({ doc: one, seq: 2, op_id: 'x', after: 'y' })
    await clock.advance(2 * HOUR)
    kept.check()
    await clock.settle()
    expect(stored(one)).toBe('a')
    const { sync } = storage.content(one)
    kept.takeBack(one, { epoch: sync?.epoch ?? null, cursor: sync?.cursor ?? { seq: 0, op_id: null } }, false)
    kept.check()
    await clock.settle()
    expect(stored(one)).toBe('ab')
    expect(storage.content(one).updates).toHaveLength(2)
  })

  test('while a page of it is on its way gets the page or not, never half and never twice', async () => {
    for (let steps = 0; steps < 40; steps++) {
      const id = conversation(100 + steps)
      await write(id, 'a')
      await write(id, 'b')
      const kept = start()
      kept.keep([id])
      for (let step = 0; step < steps; step++) await Promise.resolve()
      await kept.lend(id)
      const { sync, updates } = storage.content(id)
      expect(updates).toHaveLength(sync ? 1 : 0)
      await clock.settle()
      expect(storage.content(id)).toEqual({ ...storage.content(id), sync, updates })
      await kept.stop()
    }
  })

  test('twice in a row is given back by the last one only', async () => {
    await write(one, 'a')
    const kept = start()
    kept.keep([one])
    await clock.settle()
    await kept.lend(one)
    await kept.lend(one)
    kept.takeBack(one, { epoch: null, cursor: { seq: 0, op_id: null } }, true)
    await write(one, 'b')
    kept.look([one])
    await clock.settle()
    expect(stored(one)).toBe('a')
  })
})

describe('[F4] two thousand conversations', () => {
  const many = Array.from({ length: 2_000 }, (_, n) => conversation(n))

  test('are asked about in four calls, and again only when their time has come', async () => {
    for (const id of many.slice(0, 100)) await write(id, 'hello')
    const kept = start()
    kept.keep(many)
    await clock.settle()
    expect(network.calls.pull).toBe(4)
    expect(many.filter((id) => cursorOf(id) > 0)).toHaveLength(100)
    for (let minute = 0; minute < 45; minute++) {
      await clock.advance(60_000)
      kept.check()
    }
    expect(network.calls.pull).toBe(4)
    for (let minute = 0; minute < 30; minute++) {
      await clock.advance(60_000)
      kept.check()
    }
    expect(network.calls.pull).toBe(8)
    expect(storage.written).toHaveLength(100)
  })

  test('after a start are asked about only as far as their time has come', async () => {
    const kept = start()
    kept.keep(many)
    await clock.settle()
    await kept.stop()
    await clock.advance(60_000)
    const again = start()
    again.keep(many)
    again.look([one])
    await clock.settle()
    expect(network.calls.pull).toBe(5)
  })

  test('of which one moved cost one call for that one', async () => {
    const kept = start()
    kept.keep(many)
    await clock.settle()
    await write(one, 'news')
    kept.look([one])
    await clock.settle()
    expect(network.calls.pull).toBe(5)
    expect(stored(one)).toBe('news')
  })

  test('with one at which the server fails: the others are read', async () => {
    const bad = conversation(77)
    const few = many.slice(0, 100)
    for (const id of few) await write(id, 'hello')
    const { server } = network
    const failing = {
      ...server,
      pull: async (...[cursors, signal]: Parameters<typeof server.pull>) => {
        if (cursors.has(bad)) throw new LogServerError('rejected', 'this one fails')
        return server.pull(cursors, signal)
      },
    }
    const kept = makeKeptDocuments(
      {
        clock,
        random: makeSeededRandom(2),
        server: failing,
        storage,
        log: ({ code, doc }) => void lines.push(`${code} ${doc}`),
      },
      { isUp: () => up, failed: (error) => void failures.push(error), open() {}, changed() {} },
    )
    kept.keep(few)
    await clock.settle()
    expect(few.filter((id) => cursorOf(id) === 0)).toEqual([bad])
    expect(failures).toEqual([])
  })

  test('wait while the server is away, and are asked about when it is back', async () => {
    await write(one, 'a')
    network.cut()
    const kept = start()
    kept.keep([one])
    await clock.settle()
    expect(failures).toHaveLength(1)
    up = false
    kept.check()
    await clock.settle()
    expect(network.calls.pull).toBe(1)
    up = true
    network.heal()
    kept.check()
    await clock.settle()
    expect(stored(one)).toBe('a')
  })
})

test('[F2] what was told on a topic while nobody listened is asked for', async () => {
  const kept = start()
  kept.keep([fleet, one])
  await clock.settle()
  await write(fleet, 'a')
  kept.missed(`ws:${workspace}`)
  await clock.settle()
  expect(stored(fleet)).toBe('a')
  expect(network.calls.pull).toBe(2)
})

test('[F1] a document of a kind that is not kept is never asked for', async () => {
  const kept = start()
  kept.keep([`ws/${workspace}/board/main`, `ws/${workspace}/board/main/archive/2025`])
  await clock.settle()
  expect(network.calls.pull).toBe(0)
})
