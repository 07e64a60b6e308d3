import { expect, test } from 'vitest'
import { createSwipe } from './swipe.ts'

function swipe(by: readonly [number, number], fingers = 1): number[] {
  const steps: number[] = []
  const on = createSwipe((step) => steps.push(step))
  const start = { clientX: 200, clientY: 300 }
  const end = { clientX: 200 + by[0], clientY: 300 + by[1] }
  on.onTouchStart({ touches: Array.from({ length: fingers }, () => start) } as unknown as TouchEvent)
  on.onTouchEnd({ changedTouches: [end] } as unknown as TouchEvent)
  return steps
}

test('to the left is the next picture, to the right the one before', () => {
  expect(swipe([-90, 10])).toEqual([1])
  expect(swipe([90, -10])).toEqual([-1])
})

test('a tap, a finger that goes up or down, and two fingers turn nothing over', () => {
  expect(swipe([-12, 0])).toEqual([])
  expect(swipe([-60, 200])).toEqual([])
  expect(swipe([-90, 0], 2)).toEqual([])
})
