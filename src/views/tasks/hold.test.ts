import { fireEvent } from '@solidjs/testing-library'
import { createRoot } from 'solid-js'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type BoardHold, createHold } from './hold.ts'

let board: HTMLElement
let hold: BoardHold
let dispose = () => {}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  board = document.createElement('div')
  board.innerHTML = '<section data-status="review"><ul><li data-task="a"></li></ul></section>'
  document.body.append(board)
  createRoot((end) => {
    dispose = end
    hold = createHold(() => false)
    hold.watch(board)
  })
})
afterEach(() => {
  dispose()
  board.remove()
  vi.useRealTimers()
})

const card = () => board.querySelector('li') ?? board
const pointer = (type: string, target: Element, x: number, pointerType = 'mouse') =>
  fireEvent(target, Object.assign(new MouseEvent(type, { screenX: x, bubbles: true }), { pointerType }))

describe('what lies under the pointer', () => {
  test('stays for as long as a hand rests there, and not for a mouse that was left alone', () => {
    pointer('pointermove', card(), 10)
    vi.advanceTimersByTime(59_000)
    expect(hold.under()).toEqual({ id: 'a', status: 'review' })
    vi.advanceTimersByTime(2_000)
    expect(hold.under()).toBeNull()
  })

  test('is free again when the pointer leaves the card, or the board', () => {
    pointer('pointermove', card(), 10)
    pointer('pointermove', board, 20)
    expect(hold.under()).toBeNull()
    pointer('pointermove', card(), 30)
    pointer('pointerleave', board, 40)
    expect(hold.under()).toBeNull()
  })

  test('is nobody’s when the board moved below a pointer that did not', () => {
    pointer('pointermove', board, 10)
    pointer('pointermove', card(), 10)
    expect(hold.under()).toBeNull()
  })

  test('stays under a finger until it is lifted', () => {
    pointer('pointerdown', card(), 10, 'touch')
    expect(hold.under()?.id).toBe('a')
    pointer('pointerup', card(), 10, 'touch')
    expect(hold.under()).toBeNull()
  })
})
