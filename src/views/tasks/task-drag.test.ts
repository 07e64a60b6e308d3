import { fireEvent, waitFor } from '@solidjs/testing-library'
import { createRoot } from 'solid-js'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Drop, type TaskDrag, createTaskDrag } from './task-drag.ts'

// Two columns of three cards, 100 high; what lies under a point is counted, since jsdom lays nothing out.
const HEIGHT = 100
let board: HTMLElement
let drag: TaskDrag
let dispose: () => void
const dropped: { ids: readonly string[]; drop: Drop }[] = []
const rested: string[] = []

const card = (id: string) => {
  const found = board.querySelector<HTMLElement>(`[data-task="${id}"]`)
  if (!found) throw new Error(`no card ${id}`)
  return found
}

beforeEach(async () => {
  dropped.length = rested.length = 0
  board = document.createElement('div')
  board.innerHTML = ['backlog', 'done']
    .map(
      (status, column) =>
        `<section data-status="${status}"><ul class="cards">${[0, 1, 2]
          .map((row) => `<li data-task="${column}${row}"><a data-open href="#">${column}${row}</a></li>`)
          .join('')}</ul></section>`,
    )
    .join('')
  document.body.append(board)
  globalThis.CSS = { escape: (text: string) => text } as unknown as typeof CSS
  for (const [index, item] of [...board.querySelectorAll<HTMLElement>('[data-task]')].entries()) {
    item.getBoundingClientRect = () => new DOMRect(index < 3 ? 0 : 300, (index % 3) * HEIGHT, 250, HEIGHT)
  }
  board.getBoundingClientRect = () => new DOMRect(-1000, -1000, 3000, 3000)
  document.elementFromPoint = (x, y) =>
    x < 0 || y < 0 ? null : (board.querySelectorAll('.cards')[x < 300 ? 0 : 1] ?? null)
  const listening = vi.spyOn(board, 'addEventListener')
  createRoot((end) => {
    dispose = end
    drag = createTaskDrag({
      enabled: () => true,
      taken: (id) => [id],
      onStart: () => {},
      onDrop: (ids, drop) => dropped.push({ ids, drop }),
      onRest: (id) => rested.push(id),
      onEnd: () => {},
    })
    drag.attach(board)
  })
  await waitFor(() => {
    if (!listening.mock.calls.some(([type]) => type === 'pointerdown')) throw new Error('It does not listen.')
  })
})
afterEach(() => {
  dispose()
  board.remove()
  vi.useRealTimers()
})

const pointer = (
  type: string,
  x: number,
  y: number,
  pointerType = 'mouse',
  target: Element = document.body,
) =>
  fireEvent(
    target,
    Object.assign(
      new MouseEvent(type, { clientX: x, clientY: y, bubbles: true, cancelable: true, button: 0 }),
      {
        pointerId: 1,
        pointerType,
      },
    ),
  )
const settled = (drop: Drop | null) => waitFor(() => expect(drag.drop()).toEqual(drop))

describe('dragging a card', () => {
  test('with a mouse begins after a few pixels and lands where the slot is', async () => {
    pointer('pointerdown', 50, 50, 'mouse', card('00'))
    pointer('pointermove', 53, 52)
    expect(drag.dragged()).toEqual([])
    pointer('pointermove', 60, 60)
    expect(drag.dragged()).toEqual(['00'])
    pointer('pointermove', 350, 120)
    await settled({ status: 'done', place: { before: '11' } })
    pointer('pointermove', 350, 290)
    await settled({ status: 'done', place: { after: '12' } })
    pointer('pointerup', 350, 290)
    expect(dropped).toEqual([{ ids: ['00'], drop: { status: 'done', place: { after: '12' } } }])
    expect(document.querySelector('[data-ghost]')).toBeNull()
    expect(card('00').hasAttribute('data-dragged')).toBe(false)
  })

  test('beside itself and outside of the board lands nowhere', async () => {
    pointer('pointerdown', 50, 150, 'mouse', card('01'))
    pointer('pointermove', 50, 170)
    pointer('pointermove', 350, 10)
    await settled({ status: 'done', place: { before: '10' } })
    pointer('pointermove', 50, 210)
    await settled(null)
    pointer('pointermove', -5, 210)
    await settled(null)
    pointer('pointerup', -5, 210)
    expect(dropped).toEqual([])
  })

  test('ends with Escape, and when the browser takes the pointer away', async () => {
    for (const end of [
      () => fireEvent.keyDown(document.body, { key: 'Escape' }),
      () => pointer('pointercancel', 350, 120),
    ]) {
      pointer('pointerdown', 50, 50, 'mouse', card('00'))
      pointer('pointermove', 350, 120)
      await settled({ status: 'done', place: { before: '11' } })
      end()
      expect(drag.dragged()).toEqual([])
      expect(document.querySelector('[data-ghost]')).toBeNull()
      pointer('pointerup', 350, 120)
    }
    expect(dropped).toEqual([])
  })

  test('with a finger waits until it rests; a finger that moves first scrolls', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    pointer('pointerdown', 50, 50, 'touch', card('00'))
    pointer('pointermove', 50, 80, 'touch')
    vi.advanceTimersByTime(1000)
    expect(drag.dragged()).toEqual([])
    pointer('pointerup', 50, 80, 'touch')

    pointer('pointerdown', 50, 50, 'touch', card('00'))
    vi.advanceTimersByTime(1000)
    expect(drag.dragged()).toEqual(['00'])
    const scroll = new Event('touchmove', { bubbles: true, cancelable: true })
    card('00').dispatchEvent(scroll)
    expect(scroll.defaultPrevented).toBe(true)
    pointer('pointerup', 50, 50, 'touch')
    expect(rested).toEqual(['00'])
    expect(dropped).toEqual([])
  })

  test('ends in no click', () => {
    pointer('pointerdown', 50, 50, 'mouse', card('00'))
    pointer('pointermove', 90, 90)
    pointer('pointerup', 90, 90)
    const click = new MouseEvent('click', { bubbles: true, cancelable: true })
    card('00').dispatchEvent(click)
    expect(click.defaultPrevented).toBe(true)
  })
})
