import { describe, expect, test } from 'vitest'
import { parseFilters, UnreadableFilter } from './filter.ts'

const one = (column: string, op: string, value: string, negate = false) => [{ column, op, value, negate }]

describe('filters', () => {
  test.each([
    ['', []],
    ['a=eq.1', one('a', 'eq', '1')],
    ['a=not.like.%x', one('a', 'like', '%x', true)],
    ['a=eq.1.5', one('a', 'eq', '1.5')],
    ['a=eq.', one('a', 'eq', '')],
    ['a=eq.b=c', one('a', 'eq', 'b=c')],
    ['a=eq.it"s', one('a', 'eq', 'it"s')],
    ['a=eq."x,y"', one('a', 'eq', 'x,y')],
    ['a=eq."x\\"y\\\\"', one('a', 'eq', 'x"y\\')],
    ['a=in.(1,2)', one('a', 'in', '{1,2}')],
    ['a=in.("x,y",z)', one('a', 'in', '{"x,y",z}')],
    [' a=gt.0 , b=lt.9 ', [...one('a', 'gt', '0'), ...one('b', 'lt', '9')]],
  ])('[G4] %s', (text, expected) => expect(parseFilters(text)).toEqual(expected))

  test.each(['undefined', 'a', 'a=eq', 'a=foo.1', 'a=eq.1,', ',', 'a=in.1', 'a=in.(1', 'a=not.1'])(
    '[G4] %s cannot be read',
    (text) => expect(() => parseFilters(text)).toThrow(UnreadableFilter),
  )
})
