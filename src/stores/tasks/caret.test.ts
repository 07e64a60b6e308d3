import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { encodeCaret, placeOfCaret } from './caret.ts'

function twoTexts() {
  const doc = new Y.Doc()
  const map = doc.getMap<Y.Text>('tasks')
  const [text, other] = [new Y.Text('one two'), new Y.Text('another')]
  map.set('one', text)
  map.set('two', other)
  return { doc, text, other }
}

describe('another’s caret', () => {
  test('stays between its letters while others write, at the ends too', () => {
    const { text } = twoTexts()
    const [start, middle, end] = [0, 3, 7].map((index) => encodeCaret(text, index))
    text.insert(0, '<<')
    text.insert(text.length, '>>')
    expect(placeOfCaret(text, middle ?? '')).toBe(5)
    expect(placeOfCaret(text, start ?? '')).toBe(0)
    expect(placeOfCaret(text, end ?? '')).toBe(9)
  })

  test('in another text it is nowhere in this one', () => {
    const { text, other } = twoTexts()
    expect(placeOfCaret(text, encodeCaret(other, 2))).toBeNull()
  })

  test.each([
    '',
    'x',
    'null',
    '{}',
    '[]',
    '{"item":{"client":1,"clock":99999}}',
    '{"item":{"client":"x","clock":-1}}',
    '{"tname":"a new type"}',
    '{"type":{"client":1,"clock":0}}',
    '{"item":null,"type":null}',
  ])('%s is nowhere, and leaves nothing behind', (caret) => {
    const { doc, text } = twoTexts()
    expect(placeOfCaret(text, caret)).toBeNull()
    expect([...doc.share.keys()]).toEqual(['tasks'])
  })
})
