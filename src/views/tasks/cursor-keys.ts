import { taskStatuses } from '../../domain/collections/tasks.ts'
import type { TasksScreen } from './screen-state.ts'
import { taskLink } from './task-elements.ts'

/** The task beside the one under the keyboard; across columns at the same height. */
export function neighbourOf(
  screen: Pick<TasksScreen, 'columns' | 'columnOf' | 'shown' | 'cursor'>,
  direction: 'up' | 'down' | 'left' | 'right',
  view: 'board' | 'list',
): string | null {
  const shown = screen.shown()
  const id = screen.cursor()
  const from = id === null ? null : screen.columnOf(id)
  if (id === null || from === null) return shown[0] ?? null
  if (direction === 'up' || direction === 'down') {
    const line = view === 'list' ? shown : screen.columns[from]()
    return line[line.indexOf(id) + (direction === 'up' ? -1 : 1)] ?? null
  }
  const height = screen.columns[from]().indexOf(id)
  const step = direction === 'left' ? -1 : 1
  for (let at = taskStatuses.indexOf(from) + step; at >= 0 && at < taskStatuses.length; at += step) {
    const status = taskStatuses[at]
    const column = status ? screen.columns[status]() : []
    const beside = column[Math.min(height, column.length - 1)]
    if (beside !== undefined) return beside
  }
  return null
}

const directions = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' } as const

/** Plain arrows among cards. Letters and Alt with arrows come from the command registry. */
export function moveCursor(event: KeyboardEvent, screen: TasksScreen, view: 'board' | 'list'): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
  if (!(event.target instanceof Element) || !event.target.closest('[data-open]')) return
  const direction = directions[event.key as keyof typeof directions] // undefined for any other key
  if (!direction || (view === 'list' && (direction === 'left' || direction === 'right'))) return
  const id = neighbourOf(screen, direction, view)
  event.preventDefault()
  if (id === null) return
  screen.setCursor(id)
  taskLink(id)?.focus()
}
