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
