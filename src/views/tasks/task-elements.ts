import { type TaskStatus, taskStatuses } from '../../domain/collections/tasks.ts'

/** The card or row of a task, if one is on the screen. */
export function taskElement(id: string): HTMLElement | null {
  return document.querySelector(`[data-task="${CSS.escape(id)}"]`)
}

/** What of a card takes the keyboard. */
export function taskLink(id: string): HTMLElement | null {
  return taskElement(id)?.querySelector<HTMLElement>('[data-open]') ?? null
}

/** Puts the keyboard on a card, after the screen has drawn it in its new place. */
export function focusTask(id: string): void {
  requestAnimationFrame(() => taskLink(id)?.focus())
}

/** A view that was drawn anew takes over the keyboard's place, if the view before it had it. */
export function takeOverKeyboard(cursor: string | null): void {
  if (cursor !== null && document.activeElement === document.body) focusTask(cursor)
}

/** Where the keyboard stands when there is no card: at the head of the board. */
export function focusBoard(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('#board h1')?.focus())
}

export function columnElement(status: TaskStatus): HTMLElement | null {
  return document.querySelector(`.cols [data-status="${status}"]`)
}

/** The column of the board that fills the phone's screen. */
export function columnInView(): TaskStatus {
  const board = document.querySelector('.cols')
  const left = board?.getBoundingClientRect().left ?? 0
  const columns = [...(board?.querySelectorAll<HTMLElement>('[data-status]') ?? [])]
  const first = columns.find((column) => column.getBoundingClientRect().left > left - 100)
  return taskStatuses.find((status) => status === first?.dataset['status']) ?? 'backlog'
}
