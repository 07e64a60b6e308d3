/** What a member may say costs whoever hears it no more than it costs to read. */
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { contentOf, encodeUpdate } from '../update-ranges.ts'
import { makeClockSet } from './clock-set.ts'
import { decodeEditHint, encodeEditHint } from './edit-hint.ts'
import { standsOn } from './stands-on.ts'
import { makeUnconfirmed } from './unconfirmed.ts'

/** In milliseconds of this process, whatever else the machine does. */
function costOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

/** One small insertion by each of so many clients. */
function byManyClients(count: number): Uint8Array {
  const items = Array.from({ length: count }, (_, n) => {
    const id = Y.createID(count - n, 0)
    return new Y.Item(id, null, null, null, null, 'm' as never, `${n}`, new Y.ContentAny([n]))
  })
  return encodeUpdate(items, [])
}

describe('[S20] what is told costs what it takes to read it', () => {
  test('by two thousand clients at once, and then shown by the log', () => {
    const doc = new Y.Doc()
    const unconfirmed = makeUnconfirmed(
      () => doc,
      () => 0,
      () => 'one',
      () => {},
    )
    const update = byManyClients(2_000)
    const cost = costOf(() => {
      unconfirmed.hear(update)
      expect(unconfirmed.empty).toBe(false)
      expect(unconfirmed.shown(update, contentOf(update))).toBe(true)
    })
    expect(unconfirmed.empty).toBe(true)
    expect(cost).toBeLessThan(4_000)
  })

  test('and what is larger than anybody tells is not looked into', () => {
    const told = (bytes: number) =>
      decodeEditHint(encodeEditHint({ doc: 'ws/x/inbox', update: new Uint8Array(bytes) }))
    expect(told(32_000)).not.toBeNull()
    expect(told(65_000)).toBeNull()
  })

  test('a hundred thousand deletions of the log, while something is unconfirmed', () => {
    const deletes = Array.from({ length: 100_000 }, (_, n) => ({ client: 7, from: 2 * n, to: 2 * n + 1 }))
    const cost = costOf(() => {
      const set = makeClockSet(deletes)
      expect(set.list()).toHaveLength(deletes.length)
      set.remove(deletes.filter((_, n) => n % 2 === 0))
      expect(deletes.flatMap(set.within)).toHaveLength(deletes.length / 2)
    })
    expect(cost).toBeLessThan(4_000)
  })

  test('clients that stand on each other in the worst order', () => {
    const count = 4_000
    // Each is written behind the item of the client that comes after it in the update.
    const items = Array.from({ length: count }, (_, n) => {
      const origin = n === count - 1 ? null : Y.createID(count - n - 1, 0)
      const parent = (origin === null ? 'list' : null) as never
      return new Y.Item(
        Y.createID(count - n, 0),
        null,
        origin,
        null,
        null,
        parent,
        null,
        new Y.ContentAny([n]),
      )
    })
    const update = encodeUpdate(items, [])
    expect(standsOn(new Y.Doc(), update)).toBe(true)
    expect(standsOn(new Y.Doc(), encodeUpdate(items.slice(0, -1), []))).toBe(false)
    expect(costOf(() => standsOn(new Y.Doc(), update))).toBeLessThan(1_000)
  })
})

test('[T15] a hundred and fifty thousand structs that another tab tells at once are looked through in a moment', () => {
  const doc = new Y.Doc()
  const map = doc.getMap('m')
  doc.transact(() => {
    for (let n = 0; n < 150_000; n++) map.set(`${n}`, n)
  })
  const update = Y.encodeStateAsUpdate(doc)
  expect(costOf(() => standsOn(new Y.Doc(), update))).toBeLessThan(6_000)
})
