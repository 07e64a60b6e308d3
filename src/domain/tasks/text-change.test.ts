import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changeBetween, positionAfter } from './text-change.ts'

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))

const apply = (text: string, change: { index: number; remove: number; insert: string } | null): string =>
  change ? text.slice(0, change.index) + change.insert + text.slice(change.index + change.remove) : text

describe(`the change between two states of a text (seed ${seed})`, () => {
  test.each([
    ['hello', 'helllo', 4, { index: 3, remove: 0, insert: 'l' }],
    ['hello', 'helo', 3, { index: 3, remove: 1, insert: '' }],
    ['aaaa', 'aaa', 0, { index: 0, remove: 1, insert: '' }],
    ['aaaa', 'aaaaa', 1, { index: 0, remove: 0, insert: 'a' }],
    ['', 'a', 1, { index: 0, remove: 0, insert: 'a' }],
    ['a b', 'x', 1, { index: 0, remove: 3, insert: 'x' }],
    ['🧊', '🧲', 2, { index: 0, remove: 2, insert: '🧲' }],
    ['same', 'same', 2, null],
  ])('%s → %s', (before, after, caret, change) => {
    expect(changeBetween(before, after, caret)).toEqual(change)
  })

  test('turns one into the other, wherever the caret is and whatever the letters', () => {
    const letters = fc
      .array(fc.constantFrom('a', 'b', '\n', '🧊', '🧲', 'ç'), { maxLength: 12 })
      .map((all) => all.join(''))
    fc.assert(
      fc.property(letters, letters, fc.nat(30), (before, after, caret) => {
        const change = changeBetween(before, after, Math.min(caret, after.length))
        expect(apply(before, change)).toBe(after)
        expect(encodeURIComponent(change?.insert ?? '')).toBeTypeOf('string') // throws on half a pair
      }),
      { seed, numRuns: 2000 },
    )
  })

  test('a caret stays beside its letter when someone else writes', () => {
    const typed = { index: 2, remove: 0, insert: 'xyz' }
    expect(positionAfter(1, typed)).toBe(1)
    expect(positionAfter(2, typed)).toBe(2)
    expect(positionAfter(3, typed)).toBe(6)
    expect(positionAfter(5, { index: 2, remove: 2, insert: '' })).toBe(3)
    expect(positionAfter(3, { index: 2, remove: 4, insert: 'q' })).toBe(2)
  })
})
