import { isOrderKey, orderBetween } from '../order-key.ts'

interface Placed {
  readonly id: string
  readonly order: string
}

/** The order keys to write so that `ids` stand, in this sequence, at `index` of a sorted column. Usually one
 *  key per moved item. Neighbours whose own key is missing, foreign or tied get a new one too, because
 *  between two equal keys there is no place. `siblings` leave out the moved items. */
export function placeAt(
  siblings: readonly Placed[],
  index: number,
  ids: readonly string[],
  random: () => number,
): Placed[] {
  const at = Math.max(0, Math.min(index, siblings.length))
  let left = at - 1
  while (left >= 0 && !isOrderKey(orderOf(siblings, left))) left--
  const before = left >= 0 ? orderOf(siblings, left) : null
  let right = at
  while (right < siblings.length && !follows(orderOf(siblings, right), before)) right++
  const after = right < siblings.length ? orderOf(siblings, right) : null
  const repaired = (from: number, to: number): string[] => siblings.slice(from, to).map((item) => item.id)
  const sequence = [...repaired(left + 1, at), ...ids, ...repaired(at, right)]
  const keys = keysBetween(before, after, sequence.length, random)
  return sequence.map((id, position) => ({ id, order: keys[position] ?? '' }))
}

/** Sorts as every device does: by key, then by id. */
export function byOrder(one: Placed, other: Placed): number {
  if (one.order !== other.order) return one.order < other.order ? -1 : 1
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0
}

function orderOf(siblings: readonly Placed[], index: number): string {
  return siblings[index]?.order ?? ''
}

function follows(order: string, before: string | null): boolean {
  return isOrderKey(order) && (before === null || order > before)
}

function keysBetween(
  before: string | null,
  after: string | null,
  count: number,
  random: () => number,
): string[] {
  if (count === 0) return []
  if (after === null) {
    const first = orderBetween(before, null, random)
    const keys = [first]
    while (keys.length < count) keys.push(orderBetween(keys.at(-1) ?? first, null, random))
    return keys
  }
  // Halving keeps a bulk move into one gap as short as the gap allows.
  const middle = orderBetween(before, after, random)
  const half = Math.floor((count - 1) / 2)
  return [
    ...keysBetween(before, middle, half, random),
    middle,
    ...keysBetween(middle, after, count - 1 - half, random),
  ]
}
