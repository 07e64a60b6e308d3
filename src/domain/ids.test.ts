import { describe, expect, test } from 'vitest'
import { newId, newUuid } from './ids.ts'

const zeros = (count: number) => new Uint8Array(count)
const ones = (count: number) => new Uint8Array(count).fill(255)

describe('newId', () => {
  test('is the ULID of its time and chance', () => {
    expect(newId(0, zeros)).toBe('00000000000000000000000000')
    // The example of the ULID specification.
    expect(newId(1_469_918_176_385, zeros).slice(0, 10)).toBe('01ARYZ6S41')
    expect(newId(0, ones)).toBe('0000000000ZZZZZZZZZZZZZZZZ')
  })

  test('sorts by time', () => {
    const times = [1, 31, 32, 1_000, 1_700_000_000_000, 1_700_000_000_001]
    const made = times.map((time) => newId(time, ones))
    expect(made.toSorted()).toEqual(made)
  })
})

test('newUuid marks version and variant whatever the bytes', () => {
  expect(newUuid(zeros)).toBe('00000000-0000-4000-8000-000000000000')
  expect(newUuid(ones)).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff')
})
