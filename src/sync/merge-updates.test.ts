import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { mergeUpdates } from './merge-updates.ts'
import { edits, updatesOf } from './testing/any-updates.ts'

/** A document that got these, down to its last deletion; what waits for its ground counts too. */
function after(updates: readonly Uint8Array[]) {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return Y.encodeStateAsUpdate(doc)
}

test('merged, updates have the content of all of them, in whichever order, some twice, some missing', () => {
  fc.assert(
    fc.property(edits, edits, fc.array(fc.nat()), (one, other, places) => {
      const all = [...updatesOf(one), ...updatesOf(other)]
      expect(after([mergeUpdates(all)])).toEqual(after(all))
      const some = places.map((place) => all[place % all.length] ?? new Uint8Array())
      expect(after([mergeUpdates(some)])).toEqual(after(some))
    }),
  )
})

test('twenty thousand small updates are merged in a moment', () => {
  const doc = new Y.Doc()
  const emitted: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => emitted.push(update))
  for (let n = 0; n < 20_000; n++) doc.getMap('m').set(String(n % 300), n)
  const begun = performance.now()
  const merged = mergeUpdates(emitted)
  // Far above what it takes, and a small part of what Yjs would.
  expect(performance.now() - begun).toBeLessThan(2_000)
  expect(after([merged])).toEqual(Y.encodeStateAsUpdate(doc))
})

test('nothing merged is an update without content', () => {
  expect(after([mergeUpdates([])])).toEqual(after([]))
})
