/** The lifted card: a copy that follows the pointer, with nothing of the original's ways. */
export function makeDragGhost(
  card: HTMLElement,
  x: number,
  y: number,
  count: number,
): { move(x: number, y: number): void; remove(): void } {
  const box = card.getBoundingClientRect()
  const ghost = card.cloneNode(true) as HTMLElement // a copy of an HTMLElement is one
  ghost.removeAttribute('data-task')
  ghost.setAttribute('aria-hidden', 'true')
  ghost.inert = true
  ghost.dataset['ghost'] = ''
  // A row of the list is as wide as the screen and would hide where it goes.
  const width = Math.min(box.width, 340)
  const grip = Math.min(x - box.left, width - 24)
  ghost.style.inlineSize = `${width}px`
  if (count > 1) {
    const badge = document.createElement('span')
    badge.className = 'count'
    badge.textContent = String(count)
    ghost.append(badge)
  }
  document.body.append(ghost)
  const move = (toX: number, toY: number) => {
    ghost.style.translate = `${toX - grip}px ${box.top + toY - y}px`
  }
  move(x, y)
  return { move, remove: () => ghost.remove() }
}
