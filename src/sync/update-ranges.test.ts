import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { contentOf, coverRanges, splitUpdate } from './update-ranges.ts'

/** A document that two clients wrote, with maps, texts and deletions. */
function writtenBy(edits: readonly number[]): Y.Doc {
  const [one, two] = [new Y.Doc(), new Y.Doc()]
  one.clientID = 1
  two.clientID = 2
  edits.forEach((edit, index) => {
    const doc = index % 3 === 0 ? two : one
    const text = doc.getText('t')
    if (edit % 4 === 0 && text.length > 2) text.delete(edit % (text.length - 1), 1)
    else if (edit % 4 === 1) doc.getMap('m').set(String(edit % 5), 'x'.repeat(edit % 300))
    else if (edit % 4 === 2) doc.getMap('m').set(String(edit % 7), new Y.Map([['a', edit]]))
    else text.insert(edit % (text.length + 1), `word ${edit} `)
    if (edit % 5 === 0) {
      Y.applyUpdate(one, Y.encodeStateAsUpdate(two, Y.encodeStateVector(one)))
      Y.applyUpdate(two, Y.encodeStateAsUpdate(one, Y.encodeStateVector(two)))
    }
  })
  Y.applyUpdate(one, Y.encodeStateAsUpdate(two))
  return one
}

const shown = (doc: Y.Doc) => ({ t: doc.getText('t').toJSON(), m: doc.getMap('m').toJSON() })
const edits = fc.array(fc.nat({ max: 2_000 }), { minLength: 1, maxLength: 60 })

describe('splitUpdate', () => {
  test('the pieces together, in any order, are the update', () => {
    fc.assert(
      fc.property(edits, fc.integer({ min: 20, max: 400 }), fc.boolean(), (list, size, reversed) => {
        const doc = writtenBy(list)
        const pieces = splitUpdate(Y.encodeStateAsUpdate(doc), size)
        const read = new Y.Doc()
        for (const piece of reversed ? pieces.toReversed() : pieces) Y.applyUpdate(read, piece)
        expect(shown(read)).toEqual(shown(doc))
        expect(read.store.pendingStructs).toBeNull()
        expect(Y.encodeStateVector(read)).toEqual(Y.encodeStateVector(doc))
      }),
    )
  })

  test('the pieces in order cover the vector without a hole', () => {
    fc.assert(
      fc.property(edits, (list) => {
        const doc = writtenBy(list)
        const vector = new Map<number, number>()
        for (const piece of splitUpdate(Y.encodeStateAsUpdate(doc), 50))
          coverRanges(vector, contentOf(piece).inserts)
        expect(vector).toEqual(Y.decodeStateVector(Y.encodeStateVector(doc)))
      }),
    )
  })

  test('a small update is left as it is, and pieces of a large one are small', () => {
    const doc = new Y.Doc()
    for (let n = 0; n < 200; n++) doc.getMap('m').set(String(n), 'x'.repeat(1_000))
    const update = Y.encodeStateAsUpdate(doc)
    const [whole, ...rest] = splitUpdate(update, 1_000_000)
    expect(whole).toBe(update)
    expect(rest).toEqual([])
    const pieces = splitUpdate(update, 20_000)
    expect(pieces.length).toBeGreaterThan(9)
    for (const piece of pieces) expect(piece.byteLength).toBeLessThan(21_000)
  })
})

describe('contentOf', () => {
  test('throws on bytes that are no update', () => {
    expect(() => contentOf(Uint8Array.of(1, 2, 3, 250))).toThrow(Error)
    expect(() => contentOf(new Uint8Array(0))).toThrow(Error)
  })

  test('names what an update inserts and deletes', () => {
    const doc = new Y.Doc()
    doc.clientID = 7
    doc.getText('t').insert(0, 'abc')
    const before = Y.encodeStateVector(doc)
    doc.getText('t').delete(1, 1)
    doc.getText('t').insert(0, 'z')
    expect(contentOf(Y.encodeStateAsUpdate(doc, before))).toMatchObject({
      inserts: [{ client: 7, from: 3, to: 4 }],
      deletes: [{ client: 7, from: 1, to: 2 }],
    })
  })
})

test('[S7] a range beyond a hole is not counted as held', () => {
  const vector = new Map([[7, 5]])
  coverRanges(vector, [
    { client: 7, from: 6, to: 9 },
    { client: 8, from: 1, to: 2 },
  ])
  expect([...vector]).toEqual([[7, 5]])
  coverRanges(vector, [
    { client: 7, from: 3, to: 9 },
    { client: 8, from: 0, to: 2 },
  ])
  expect([...vector]).toEqual([
    [7, 9],
    [8, 2],
  ])
})
