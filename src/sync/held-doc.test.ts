import { describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { makeHeldDoc } from './held-doc.ts'
import { FROM_LOG, FROM_STORAGE } from './origins.ts'

function hold(doc = new Y.Doc()) {
  const told: Uint8Array[] = []
  const heard: unknown[] = []
  const held = makeHeldDoc(doc, {
    edited: (update) => void told.push(update),
    heard: ({ origin }) => void heard.push(origin),
    swapped() {},
    failed() {},
  })
  return { held, told, heard }
}

const about = { collection: 'tasks', entity: 'x', fields: [] }

function replayed(told: readonly Uint8Array[]): unknown {
  const doc = new Y.Doc()
  for (const update of told) Y.applyUpdate(doc, update)
  return doc.getMap('m').toJSON()
}

describe('edits of this person', () => {
  test('are told whole, whatever they are made with', () => {
    const { held, told } = hold()
    held.change(about, (doc) => doc.getMap('m').set('change', 1))
    held.doc.transact(() => held.doc.getMap('m').set('transact', 2), 'an undo manager')
    held.doc.getMap('m').set('bare', 3)
    expect(replayed(told)).toEqual({ change: 1, transact: 2, bare: 3 })
  })

  test('are told when a listener makes them in answer to what others did', () => {
    const { held, told, heard } = hold()
    held.doc.getMap('m').observe(({ keysChanged }) => {
      if (keysChanged.has('theirs')) held.change(about, (doc) => doc.getMap('m').set('mine', 1))
    })
    held.together(FROM_LOG, () => held.doc.getMap('m').set('theirs', 1))
    held.change(about, (doc) => doc.getMap('m').set('later', 2))
    expect(heard).toEqual([FROM_LOG])
    expect(told).toHaveLength(2)
    expect(held.doc.getMap('m').toJSON()).toEqual({ theirs: 1, mine: 1, later: 2 })
  })

  test('are told of the document that took the place of another, and of that one no more', () => {
    const { held, told } = hold()
    const before = held.doc
    held.swap(new Y.Doc())
    before.getMap('m').set('gone', 1)
    held.change(about, (doc) => doc.getMap('m').set('here', 1))
    expect(replayed(told)).toEqual({ here: 1 })
  })
})

test('what is read from the device is not encoded again', () => {
  const { held, told, heard } = hold()
  // Yjs emits an update only where it has encoded one.
  const emit = vi.spyOn(held.doc, 'emit')
  held.together(FROM_STORAGE, () => held.doc.getMap('m').set('stored', 1))
  expect(emit.mock.calls.map(([name]) => name)).not.toContain('update')
  held.change(about, (doc) => doc.getMap('m').set('edited', 1))
  expect(emit.mock.calls.map(([name]) => name)).toContain('update')
  held.together(FROM_STORAGE, () => held.doc.getMap('m').set('stored', 2))
  expect(emit.mock.calls.filter(([name]) => name === 'update')).toHaveLength(1)
  expect(told).toHaveLength(1)
  expect(heard).toEqual([FROM_STORAGE, FROM_STORAGE])
})
