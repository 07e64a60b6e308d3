import { describe, expect, test } from 'vitest'
import { byteRange } from './byte-range.ts'

describe('a range of ten bytes', () => {
  test.each([
    ['bytes=0-0', { from: 0, to: 0 }],
    ['bytes=9-', { from: 9, to: 9 }],
    ['bytes=2-50', { from: 2, to: 9 }],
    ['bytes=-50', { from: 0, to: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-2', undefined],
    ['bytes=-', undefined],
    ['bytes=0-1,3-4', undefined],
    ['items=0-1', undefined],
    [null, undefined],
  ])('%s', (header, range) => {
    expect(byteRange(header, 10)).toEqual(range)
  })

  test('of an empty file is none', () => {
    expect(byteRange('bytes=0-', 0)).toBe('unsatisfiable')
  })
})
