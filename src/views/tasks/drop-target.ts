import { type TaskStatus, taskStatuses } from '../../domain/collections/tasks.ts'
import type { Drop } from './task-drag.ts'

/** Where a card let go at this point would land; null over nothing, and where it already lies. */
export function dropAt(x: number, y: number, dragged: readonly string[]): Drop | null {
  const under = document.elementFromPoint(x, y)
  const column = under?.closest<HTMLElement>('[data-status]')
  const status = statusOf(column)
  if (!column || !status) return null
  const cards = [...column.querySelectorAll<HTMLElement>('[data-task]')]
  const index = firstBelow(cards, y)
  const before = nearest(cards.slice(0, index).toReversed(), dragged)
  const after = nearest(cards.slice(index), dragged)
  const around = [cards[index - 1], cards[index]].map((card) => card?.dataset['task'] ?? '')
  // Beside itself it would stay where it is; its own dashed place says so.
  if (dragged.length === 1 && around.includes(dragged[0] ?? '')) return null
  if (after) return { status, place: { before: after } }
  return { status, place: before ? { after: before } : 'end' }
}

/** The first card whose middle lies below the pointer; cards stand in order, so half of them need no look. */
function firstBelow(cards: readonly HTMLElement[], y: number): number {
  let [low, high] = [0, cards.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const box = cards[middle]?.getBoundingClientRect()
    if (box && box.top + box.height / 2 < y) low = middle + 1
    else high = middle
  }
  return low
}

function nearest(cards: readonly HTMLElement[], dragged: readonly string[]): string | undefined {
  return cards.map((card) => card.dataset['task'] ?? '').find((id) => !dragged.includes(id))
}

function statusOf(column: HTMLElement | null | undefined): TaskStatus | undefined {
  return taskStatuses.find((status) => status === column?.dataset['status'])
}
