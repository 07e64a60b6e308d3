import type { TasksScreen } from './screen-state.ts'

/** A plain click opens the task beside the board; with a key held the browser does what it does with any link. */
export function openHere(event: MouseEvent, screen: TasksScreen, id: string): void {
  if (event.metaKey || event.ctrlKey || event.altKey || event.button !== 0) return
  event.preventDefault()
  // Without a hovering pointer the next taps of a selection go on selecting.
  const selecting = screen.selected().size > 0 && window.matchMedia('(hover: none)').matches
  if (event.shiftKey || selecting) screen.toggle(id)
  else screen.open(id)
}
