import { createRoot, createSignal } from 'solid-js'
import { describe, expect, test, vi } from 'vitest'
import { createGrowingList } from './growing-list.ts'

const many = Array.from({ length: 200 }, (_, index) => String(index))

describe('a list of hundreds of cards', () => {
  test('is never drawn at once: not at first, and not when a filter goes that hid most of it', () => {
    vi.useFakeTimers()
    createRoot((dispose) => {
      const [all, setAll] = createSignal<readonly string[]>(many)
      const drawn = createGrowingList(all)
      expect(drawn().length).toBeLessThan(40)
      vi.advanceTimersByTime(1000)
      expect(drawn()).toEqual(many)
      setAll(many.slice(0, 3))
      expect(drawn()).toHaveLength(3)
      setAll(many)
      expect(drawn().length).toBeLessThan(40)
      vi.advanceTimersByTime(1000)
      expect(drawn()).toEqual(many)
      dispose()
    })
    vi.useRealTimers()
  })

  test('shows a card that comes to its end at once, so that the keyboard finds it there', () => {
    createRoot((dispose) => {
      const [all, setAll] = createSignal<readonly string[]>(many.slice(0, 18))
      const drawn = createGrowingList(all)
      setAll(many.slice(0, 19))
      expect(drawn()).toHaveLength(19)
      dispose()
    })
  })
})
