const EDGE = 56
const SPEED = 12
// A phone shows one column: sideways is slow enough to stop at the next.
const SIDEWAYS = 7

/** Scrolls what lies under a dragged card when it nears an edge; true while there is more to scroll. */
export function scrollNearEdges(container: HTMLElement, x: number, y: number): boolean {
  const column = document.elementFromPoint(x, y)?.closest<HTMLElement>('.cards, .tlist')
  const area = container.getBoundingClientRect()
  const sideways = pull(x, area.left, area.right, SIDEWAYS)
  const before = container.scrollLeft
  if (sideways !== 0) container.scrollLeft += sideways
  let moved = container.scrollLeft !== before
  if (column) {
    const box = column.getBoundingClientRect()
    const top = column.scrollTop
    column.scrollTop += pull(y, box.top, Math.min(box.bottom, innerHeight), SPEED)
    moved ||= column.scrollTop !== top
  }
  return moved
}

function pull(at: number, start: number, end: number, speed: number): number {
  if (at < start + EDGE) return -speed * Math.min(1, (start + EDGE - at) / EDGE)
  if (at > end - EDGE) return speed * Math.min(1, (at - end + EDGE) / EDGE)
  return 0
}
