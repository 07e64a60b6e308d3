import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { DocumentHandle } from './sync-engine.ts'
import type { Device } from './testing/device.ts'
import { board, makeScene, workspace } from './testing/scene.ts'
import { makeSeededRandom } from './testing/seeded-random.ts'
import { contentOf } from './update-ranges.ts'

const HOUR = 3_600_000
const fleet = `ws/${workspace}/fleet`
const conversation = (n: number) => `conv/01ARYZ6S41TSV4RRFFQ6${String(n).padStart(6, '0')}`
const one = conversation(1)

function say(handle: DocumentHandle, words: string): void {
  handle.change({ collection: 'messages', entity: words, fields: [] }, (doc) => {
    doc.getMap('messages').set(words, words)
  })
}

const said = (doc: Y.Doc) => Object.keys(doc.getMap('messages').toJSON()).toSorted()

function storedBy(device: Device, id: string): string[] {
  const doc = new Y.Doc()
  for (const update of device.storage.content(id).updates) Y.applyUpdate(doc, update)
  return said(doc)
}

/**
 * Units of others' text and structure that are in more than one stored update. (An edit of one's own that the log
 * took across a gap comes back with the gap, and is stored again until the next compaction.)
 */
function storedTwice(device: Device, id: string, of: Y.Doc): number {
  const seen = new Set<string>()
  let twice = 0
  for (const update of device.storage.content(id).updates) {
    for (const { client, from, to } of contentOf(update).inserts) {
      if (client !== of.clientID) continue
      for (let clock = from; clock < to; clock++) {
        if (seen.has(`${client} ${clock}`)) twice++
        seen.add(`${client} ${clock}`)
      }
    }
  }
  return twice
}

async function twoPeople() {
  const scene = makeScene()
  const a = scene.device('ana')
  const b = scene.device('bruno')
  const onA = a.engine.open(one)
  b.engine.open(board)
  await scene.clock.settle()
  say(onA, 'hello')
  await scene.clock.advance(1_000)
  b.engine.keep([one, fleet])
  await scene.clock.advance(1_000)
  return { ...scene, a, b, onA }
}

describe('a document that is kept', () => {
  test('[F2] is on the device though nobody opened it, and is there when it is opened without a network', async () => {
    const { b, clock } = await twoPeople()
    expect(storedBy(b, one)).toEqual(['hello'])
    b.network.cut()
    b.tell('offline')
    const onB = b.engine.open(one)
    await clock.settle()
    expect(onB.isEmptyLocally()).toBe(false)
    expect(said(onB.doc)).toEqual(['hello'])
  })

  test('[F4] is read at once when something tells of news, and else when its hour has come', async () => {
    const { b, onA, clock } = await twoPeople()
    say(onA, 'news')
    await clock.advance(60_000)
    expect(storedBy(b, one)).toEqual(['hello'])
    b.engine.look([one])
    await clock.advance(1_000)
    expect(storedBy(b, one)).toEqual(['hello', 'news'])
    say(onA, 'of the hour')
    await clock.advance(1.2 * HOUR)
    expect(storedBy(b, one)).toEqual(['hello', 'news', 'of the hour'])
  })

  test('[F2] on a topic that is joined anyway is told, and what was told meanwhile is read after the next join', async () => {
    const { a, b, clock } = await twoPeople()
    const onFleet = a.engine.open(fleet)
    await clock.settle()
    const pulls = b.network.calls.pull
    say(onFleet, 'told')
    await clock.advance(2_000)
    expect(storedBy(b, fleet)).toEqual(['told'])
    expect(b.network.calls.pull).toBe(pulls)
    b.network.cut()
    say(onFleet, 'missed')
    await clock.advance(5_000)
    b.network.heal()
    b.tell('online')
    await clock.advance(5_000)
    expect(storedBy(b, fleet)).toEqual(['missed', 'told'])
    expect(storedTwice(b, fleet, onFleet.doc)).toBe(0)
  })

  test('[F3] becomes a Y.Doc when it is opened, raw again when it is released, and is stored once throughout', async () => {
    const { b, onA, clock } = await twoPeople()
    for (let turn = 0; turn < 5; turn++) {
      say(onA, `while kept ${turn}`)
      b.engine.look([one])
      if (turn % 2) await clock.advance(500)
      const onB = b.engine.open(one)
      await clock.advance(turn % 3)
      say(onA, `while open ${turn}`)
      await clock.advance(500)
      expect(said(onB.doc)).toHaveLength(3 + 2 * turn)
      onB.release()
      if (turn % 2) await clock.advance(500)
    }
    await clock.advance(1_000)
    expect(b.network.joined).toEqual([`ws:${workspace}`])
    expect(storedBy(b, one)).toHaveLength(11)
    expect(storedTwice(b, one, onA.doc)).toBe(0)
  })

  test('[F3] with something unsent stays open until the server has it, and only then is kept', async () => {
    const { b, onA, clock } = await twoPeople()
    b.network.cut()
    b.tell('offline')
    const onB = b.engine.open(one)
    await clock.settle()
    say(onB, 'written offline')
    onB.release()
    await clock.advance(1_000)
    expect(b.engine.state.get().pending).toHaveLength(1)
    say(onA, 'meanwhile')
    await clock.advance(1_000)
    b.network.heal()
    b.tell('online')
    await clock.advance(2_000)
    expect(b.engine.state.get().pending).toEqual([])
    await clock.advance(61_000)
    expect(said(onA.doc)).toEqual(['hello', 'meanwhile', 'written offline'])
    say(onA, 'later')
    await clock.advance(1_000)
    b.engine.look([one])
    await clock.advance(1_000)
    expect(storedBy(b, one)).toEqual(['hello', 'later', 'meanwhile', 'written offline'])
  })

  test('[S4] gives back what a restored server lost of it, and is kept again', async () => {
    const { a, b, onA, twin, clock } = await twoPeople()
    say(onA, 'lost by the server')
    await clock.advance(500)
    b.engine.look([one])
    await clock.advance(500)
    a.crash()
    await clock.advance(120_000)
    twin.forgetAfter(one, 1)
    b.engine.look([one])
    await clock.advance(130_000)
    const log = new Y.Doc()
    for (const { update } of twin.updates(one)) if (update) Y.applyUpdate(log, update)
    expect(said(log)).toEqual(['hello', 'lost by the server'])
    expect(b.network.joined).toEqual([`ws:${workspace}`])
    expect(b.engine.state.get().problem).toBeNull()
  })

  test('[F5] is kept by the tab that leads alone, and by the next one when that dies', async () => {
    const { b, onA, twin, clock, device } = await twoPeople()
    const second = device('bruno', { besides: b })
    second.engine.open(board)
    second.engine.keep([one, fleet])
    await clock.advance(1_000)
    const before = second.network.calls.pull
    say(onA, 'news')
    await clock.advance(500)
    for (const { engine } of [b, second]) engine.look([one])
    await clock.advance(500)
    expect(second.network.calls.pull).toBe(before)
    expect(storedBy(b, one)).toEqual(['hello', 'news'])
    b.crash()
    say(onA, 'to the next')
    await clock.advance(500)
    second.engine.look([one])
    await clock.advance(2_000)
    expect(storedBy(second, one)).toEqual(['hello', 'news', 'to the next'])
    expect(storedTwice(second, one, onA.doc)).toBe(0)
    expect(twin.updates(one)).toHaveLength(3)
  })
})

describe('opened and released at any moment', () => {
  // A failing run prints its seed. 192: an answer came for a document that was being closed.
  test.each([...Array.from({ length: 30 }, (_, n) => n + 1), 192])(
    '[F3] nothing is lost and nothing is stored twice (seed %d)',
    async (seed) => {
      const random = makeSeededRandom(seed)
      const scene = makeScene(seed)
      const ids = [conversation(1), conversation(2), conversation(3)]
      const a = scene.device('ana')
      const b = scene.device('bruno')
      const onA = ids.map((id) => a.engine.open(id))
      await scene.clock.settle()
      b.engine.keep(ids)
      const opened: DocumentHandle[] = []
      let words = 0
      for (let turn = 0; turn < 120; turn++) {
        const at = random.below(3)
        const id = ids[at] ?? ''
        switch (random.below(8)) {
          case 0:
          case 1:
            if (onA[at]) say(onA[at], `a${words++}`)
            break
          case 2:
            opened.push(b.engine.open(id))
            break
          case 3:
            opened.splice(random.below(opened.length + 1), 1)[0]?.release()
            break
          case 4: {
            const handle = opened.at(random.below(opened.length + 1) - 1)
            if (handle) say(handle, `b${words++}`)
            break
          }
          case 5:
            b.engine.look([id])
            break
          case 6:
            b.network.latency = () => random.below(40)
            break
          default:
            if (random.below(4) === 0) b.network.cut()
            else b.network.heal()
        }
        for (let step = random.below(12); step > 0; step--) await Promise.resolve()
        if (random.below(2)) await scene.clock.advance(random.below(random.below(10) ? 60 : 20_000))
      }
      for (const handle of opened) handle.release()
      b.network.heal()
      b.tell('online')
      await scene.clock.advance(60_000)
      b.engine.look(ids)
      await scene.clock.advance(5_000)
      expect(b.engine.state.get()).toMatchObject({ pending: [], problem: null })
      expect(b.network.joined).toEqual([`ws:${workspace}`])
      for (const [at, id] of ids.entries()) {
        const { doc } = onA[at] ?? { doc: new Y.Doc() }
        expect(storedBy(b, id)).toEqual(said(doc))
        expect(storedTwice(b, id, doc)).toBe(0)
      }
    },
  )

  test('[S4] a conversation that began after the backup of a restored server is given back by whoever has it', async () => {
    const { clock, twin, device } = makeScene()
    const a = device('ana')
    const b = device('bruno')
    b.engine.open(board)
    const restore = twin.backup()
    const onA = a.engine.open(one)
    say(onA, 'hello')
    await clock.advance(1_000)
    b.engine.keep([one])
    await clock.advance(1_000)
    expect(storedBy(b, one)).toEqual(['hello'])
    a.crash()
    restore()
    expect(twin.updates(one)).toEqual([])
    await clock.advance(2 * HOUR)
    const log = new Y.Doc()
    for (const { update } of twin.updates(one)) if (update) Y.applyUpdate(log, update)
    expect(said(log)).toEqual(['hello'])
    expect(b.engine.state.get().problem).toBeNull()
  })

  test('[D13] what was kept in a storage that was wiped under a running page is there again when it is next looked at', async () => {
    const { clock, b } = await twoPeople()
    expect(storedBy(b, one)).toEqual(['hello'])
    b.storage.wipe()
    b.storage.takeAway()
    await clock.advance(2 * HOUR)
    expect(storedBy(b, one)).toEqual(['hello'])
  })
})
