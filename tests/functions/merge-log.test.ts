import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { mergeLog } from '../../supabase/functions/compact/merge-log.ts'
import { history, updatesOf } from '../sql/edits.ts'

// What the function `compact` makes of a log, here without the function around it.

const linesOf = (updates: readonly Uint8Array[]) => updates.map((update, at) => ({ seq: at + 1, update }))
const read = (...updates: Uint8Array[]) => {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc
}
const shown = (doc: Y.Doc) => ({
  map: Object.fromEntries([...doc.getMap('map')].map(([key, value]) => [key, plain(value)])),
  list: doc.getArray('list').toJSON(),
  text: doc.getText('text').toDelta() as unknown,
  tree: doc.getXmlFragment('tree').toJSON(),
})
/** Documents within documents are compared by their names. */
const plain = (value: unknown): unknown =>
  value instanceof Y.Doc ? value.guid : value instanceof Y.AbstractType ? (value.toJSON() as unknown) : value
/** Without the last of them, which says something else under ids of the others. */
const honest = (...given: Parameters<typeof updatesOf>) => {
  const updates = updatesOf(...given)
  return updates.length > 1 ? updates.slice(0, -1) : updates
}
const merged = (snapshot: Uint8Array | null, updates: readonly Uint8Array[]) => {
  const result = mergeLog(snapshot, linesOf(updates))
  if (!result) throw new Error('nothing came out')
  return result
}

/** Words, each an update of its own, by one client. */
function words(...all: string[]) {
  const source = new Y.Doc()
  const updates: Uint8Array[] = []
  source.on('update', (update: Uint8Array) => updates.push(update))
  for (const word of all) source.getText('text').insert(source.getText('text').length, word)
  return { source, updates }
}

describe('a snapshot', () => {
  test('[K2] of any history, in one piece or piece on piece, is what its lines are', () => {
    fc.assert(
      fc.property(history, fc.nat({ max: 30 }), (steps, cut) => {
        const updates = honest(steps, [1, 2, 3])
        const expected = shown(read(...updates))
        const whole = merged(null, updates)
        expect(whole.unreadable).toEqual([])
        expect(shown(read(whole.state))).toEqual(expected)
        const first = merged(null, updates.slice(0, cut))
        const second = merged(first.state, updates.slice(cut))
        expect(shown(read(second.state))).toEqual(expected)
      }),
      { numRuns: 150 },
    )
  })

  test('[K6] of what a device was away from for months takes what it brings', () => {
    fc.assert(
      fc.property(history, history, fc.nat({ max: 30 }), (before, meanwhile, at) => {
        const updates = honest(before, [1, 2, 3])
        const away = read(...updates.slice(0, at))
        away.clientID = 9
        const { state } = merged(null, [...updates, ...honest(meanwhile, [4, 5, 6])])
        const held = Y.encodeStateVector(away)
        away.getText('text').insert(0, 'back')
        away.getMap('map').set('back', true)
        if (away.getArray('list').length > 0) away.getArray('list').delete(0)
        const brought = Y.encodeStateAsUpdate(away, held)
        // On the device, on a fresh one, and in the next snapshot it is the same.
        const device = read(Y.encodeStateAsUpdate(away), state)
        const fresh = read(state, brought)
        const next = read(merged(state, [brought]).state)
        expect(shown(fresh)).toEqual(shown(device))
        expect(shown(next)).toEqual(shown(device))
        expect(fresh.getMap('map').get('back')).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  test('[K6] keeps what waits for lines that are not there yet', () => {
    const { updates } = words('one ', 'two ', 'three')
    const { state } = merged(null, updates.slice(1))
    expect(read(state).getText('text').toJSON()).toBe('')
    expect(
      read(merged(state, updates.slice(0, 1)).state)
        .getText('text')
        .toJSON(),
    ).toBe('one two three')
  })

  test('[K2] of deletions alone keeps them for what they delete', () => {
    const { source, updates } = words('gone')
    const held = Y.encodeStateVector(source)
    source.getText('text').delete(0, 4)
    const { state } = merged(null, [Y.encodeStateAsUpdate(source, held)])
    expect(
      read(state, ...updates)
        .getText('text')
        .toJSON(),
    ).toBe('')
  })

  test('[K5] leaves out lines that cannot be read, and names them', () => {
    const { updates } = words('one ', 'two')
    const [one = new Uint8Array(), two = new Uint8Array()] = updates
    const { state, unreadable } = merged(null, [one, Uint8Array.of(1, 2, 3, 250), two, new Uint8Array(0)])
    expect(unreadable).toEqual([2, 4])
    expect(read(state).getText('text').toJSON()).toBe('one two')
  })

  test('[K5] leaves out a line that throws half-way, and all of what it did', () => {
    const { updates } = words('one ', 'two')
    const [one = new Uint8Array(), two = new Uint8Array()] = updates
    // It decodes, and Yjs throws once it is under way: a forgery that an older server let in.
    const bad = Uint8Array.of(1, 2, 1, 0, 231, 2, 4, 3, 0, 4, 10, 0, 1, 1, 0)
    expect(() => Y.decodeUpdate(bad)).not.toThrow()
    expect(() => read(bad)).toThrow(/undefined/)
    const { state, unreadable } = merged(null, [one, bad, two])
    expect(unreadable).toEqual([2])
    expect(read(state).getText('text').toJSON()).toBe('one two')
  })

  test('is not made on a snapshot that cannot be read', () => {
    expect(mergeLog(Uint8Array.of(1, 2, 3, 250), linesOf(words('x').updates))).toBeNull()
  })

  test('of 20,000 lines takes no longer than a breath', () => {
    const source = new Y.Doc()
    const updates: Uint8Array[] = []
    source.on('update', (update: Uint8Array) => updates.push(update))
    const rows = source.getMap<number>('rows')
    for (let n = 0; n < 20_000; n++) rows.set(`r${n % 10_000}`, n)
    const start = performance.now()
    merged(null, updates)
    // Merging the updates without a document takes seven seconds where this takes a fifth of one.
    expect(performance.now() - start).toBeLessThan(3_000)
  })
})
