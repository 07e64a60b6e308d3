import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOrderKey, orderBetween } from './order-key.ts'
import { byOrder, placeAt } from './tasks/place.ts'

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))

function makeRandom(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const anyKey = fc.stringMatching(/^[0-9A-Za-z]{0,12}[1-9A-Za-z]$/)

describe(`an order key (seed ${seed})`, () => {
  test('stands strictly between any two valid keys', () => {
    fc.assert(
      fc.property(anyKey, anyKey, fc.nat(), (one, other, start) => {
        fc.pre(one !== other)
        const [low, high] = one < other ? [one, other] : [other, one]
        const key = orderBetween(low, high, makeRandom(start))
        expect(isOrderKey(key)).toBe(true)
        expect(low < key && key < high).toBe(true)
        expect(orderBetween(null, low, makeRandom(start)) < low).toBe(true)
        expect(orderBetween(high, null, makeRandom(start)) > high).toBe(true)
      }),
      { seed, numRuns: 500 },
    )
  })

  test('is valid when its neighbours are equal, reversed, empty or foreign', () => {
    const odd = fc.oneof(
      fc.string(),
      anyKey,
      fc.constantFrom('', '0', 'a0', '~', 'ü', 'a', '000', 'zzzzzzzz'),
    )
    fc.assert(
      fc.property(
        fc.option(odd),
        fc.option(odd),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (before, after, drawn) => {
          expect(isOrderKey(orderBetween(before, after, () => drawn))).toBe(true)
        },
      ),
      { seed, numRuns: 1000 },
    )
    expect(orderBetween('V', 'V', Math.random) > 'V').toBe(true)
    expect(orderBetween('k', 'V', Math.random) > 'k').toBe(true)
  })

  test('differs between two people who insert at one place while apart', () => {
    const random = makeRandom(seed)
    let same = 0
    for (let round = 0; round < 2000; round++) {
      if (orderBetween('K', 'L', random) === orderBetween('K', 'L', random)) same++
      if (orderBetween('K', null, random) === orderBetween('K', null, random)) same++
    }
    expect(same).toBeLessThan(8)
  })

  test('stays short under appends, prepends, random moves, and insertion into one gap', () => {
    const random = makeRandom(seed)
    let last = orderBetween(null, null, random)
    let first = last
    for (let count = 0; count < 5000; count++) {
      last = orderBetween(last, null, random)
      first = orderBetween(null, first, random)
    }
    expect(last.length).toBeLessThanOrEqual(6)
    expect(first.length).toBeLessThanOrEqual(6)

    for (const side of ['left', 'right', 'either'] as const) {
      let [low, high] = ['K', 'L']
      for (let count = 0; count < 200; count++) {
        const key = orderBetween(low, high, random)
        const aimLeft = side === 'left' || (side === 'either' && random() < 0.5)
        if (aimLeft) high = key
        else low = key
      }
      expect(Math.max(low.length, high.length)).toBeLessThanOrEqual(Math.ceil(200 * 0.336) + 5)
    }
  })
})

interface Item {
  id: string
  order: string
}

describe(`a column (seed ${seed})`, () => {
  test('keeps the shown order through any sequence of inserts and moves', () => {
    const step = fc.record({ from: fc.nat(), to: fc.nat(), count: fc.integer({ min: 1, max: 4 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(), (steps, start) => {
        const random = makeRandom(start)
        let shown: Item[] = []
        steps.forEach(({ from, to, count }, number) => {
          const moving = number % 3 === 0 ? [] : shown.slice(from % (shown.length + 1)).slice(0, count)
          const ids = moving.length ? moving.map((item) => item.id) : [`task-${number}`]
          const siblings = shown.filter((item) => !ids.includes(item.id))
          const index = to % (siblings.length + 1)
          const expected = siblings.map((item) => item.id)
          expected.splice(index, 0, ...ids)
          const written = new Map(placeAt(siblings, index, ids, random).map((item) => [item.id, item.order]))
          expect(written.size).toBe(ids.length)
          shown = expected.map((id) => ({
            id,
            order: written.get(id) ?? siblings.find((item) => item.id === id)?.order ?? '',
          }))
          expect(shown.toSorted(byOrder).map((item) => item.id)).toEqual(expected)
        })
      }),
      { seed, numRuns: 150 },
    )
  })

  test('stays short when the same 40 cards are moved 4000 times', () => {
    const random = makeRandom(seed)
    let shown: Item[] = Array.from({ length: 40 }, (_, index) => ({ id: `t${index}`, order: '' }))
    shown = placeAt(
      [],
      0,
      shown.map((item) => item.id),
      random,
    )
    for (let move = 0; move < 4000; move++) {
      const [item] = shown.splice(Math.floor(random() * shown.length), 1)
      if (!item) throw new Error('the column ran empty')
      const index = Math.floor(random() * (shown.length + 1))
      const [placed] = placeAt(shown, index, [item.id], random)
      if (!placed) throw new Error('nothing was placed')
      shown.splice(index, 0, placed)
    }
    expect(Math.max(...shown.map((item) => item.order.length))).toBeLessThanOrEqual(16)
  })

  test('is totally ordered when several people insert at one place while apart', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 2, maxLength: 8 }), (starts) => {
        const siblings = placeAt([], 0, ['a', 'b'], makeRandom(seed))
        const inserts = starts.flatMap((start, person) =>
          placeAt(siblings, 1, [`person-${person}`], makeRandom(start)),
        )
        const merged = [...siblings, ...inserts].toSorted(byOrder).map((item) => item.id)
        const otherWay = [...inserts.toReversed(), ...siblings].toSorted(byOrder).map((item) => item.id)
        expect(otherWay).toEqual(merged)
        expect(merged.at(0)).toBe('a')
        expect(merged.at(-1)).toBe('b')
      }),
      { seed, numRuns: 200 },
    )
  })

  test('reaches a place between tied, empty or foreign keys by giving the neighbours new ones', () => {
    const key = fc.constantFrom('', 'V', 'V', 'W', '~', '0', 'V0')
    fc.assert(
      fc.property(fc.array(key, { maxLength: 8 }), fc.nat(), fc.nat(), (orders, to, start) => {
        const siblings = orders.map((order, index) => ({ id: `t${index}`, order })).toSorted(byOrder)
        const index = to % (siblings.length + 1)
        const written = placeAt(siblings, index, ['new'], makeRandom(start))
        const after = new Map([...siblings, ...written].map((item) => [item.id, item.order]))
        const shown = [...after].map(([id, order]) => ({ id, order })).toSorted(byOrder)
        const at = shown.findIndex((item) => item.id === 'new')
        expect(shown[at - 1]?.id).toBe(siblings[index - 1]?.id)
        expect(written.every((item) => isOrderKey(item.order))).toBe(true)
      }),
      { seed, numRuns: 300 },
    )
  })
})
