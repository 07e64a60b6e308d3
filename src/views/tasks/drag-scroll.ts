const EDGE = 56
const SPEED = 14

/** Scrolls what lies under a dragged card when it nears an edge; true while there is more to scroll. */
export function scrollNearEdges(container: HTMLElement, x: number, y: number): boolean {
  const column = document.elementFromPoint(x, y)?.closest<HTMLElement>('.cards, .tlist')
  const sideways = pull(x, container.getBoundingClientRect().left, container.getBoundingClientRect().right)
  const before = container.scrollLeft
  if (sideways !== 0) container.scrollLeft += sideways
  let moved = container.scrollLeft !== before
  if (column) {
    const box = column.getBoundingClientRect()
    const top = column.scrollTop
    column.scrollTop += pull(y, box.top, Math.min(box.bottom, innerHeight))
    moved ||= column.scrollTop !== top
  }
  return moved
}

function pull(at: number, start: number, end: number): number {
  if (at < start + EDGE) return -SPEED * Math.min(1, (start + EDGE - at) / EDGE)
  if (at > end - EDGE) return SPEED * Math.min(1, (at - end + EDGE) / EDGE)
  return 0
}
