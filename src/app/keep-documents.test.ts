import { beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { keepDocuments } from './keep-documents.ts'

const fleet = 'ws/w1/fleet'
const of = (...ids: string[]) => ids.flatMap((id) => [`conv/${id}`, `conv/${id}/notes`])

let doc: Y.Doc
let kept: string[]
let looked: string[][]
let replace: (doc: Y.Doc) => void
let stop: () => void

beforeEach(() => {
  doc = new Y.Doc()
  doc.getMap('conversations').set('A', new Y.Map())
  kept = []
  looked = []
  stop = keepDocuments(
    {
      keep: (ids) => {
        kept = [...ids]
      },
      look: (ids) => void looked.push([...ids]),
    },
    'w1',
    {
      doc,
      onReplaced(listener) {
        replace = listener
        return () => {}
      },
    },
  )
})

const entry = (id: string) => doc.getMap('conversations').get(id) as Y.Map<unknown>

describe('[F1] conversations', () => {
  test('of the inbox are kept, with their notes, and the fleet', () => {
    expect(kept).toEqual([fleet, ...of('A')])
    doc.getMap('conversations').set('B', new Y.Map())
    expect(kept).toEqual([fleet, ...of('A', 'B')])
    doc.getMap('conversations').delete('A')
    expect(kept).toEqual([fleet, ...of('B')])
  })

  test('[F4] are looked at when the inbox says that they moved, and no others', () => {
    doc.getMap('conversations').set('B', new Y.Map())
    entry('A').set('last_message', 'hello')
    doc.transact(() => {
      entry('A').set('last_message', 'again')
      entry('B').set('unread', 1)
    })
    expect(looked).toEqual([of('B'), of('A'), of('A', 'B')])
  })

  test('of an inbox that was replaced are those of the new one', () => {
    const other = new Y.Doc()
    other.getMap('conversations').set('C', new Y.Map())
    replace(other)
    expect(kept).toEqual([fleet, ...of('C')])
    entry('A').set('last_message', 'of the old one')
    expect(looked).toEqual([])
  })

  test('of a workspace that was left are nobody’s', () => {
    stop()
    entry('A').set('last_message', 'hello')
    expect(looked).toEqual([])
  })
})
