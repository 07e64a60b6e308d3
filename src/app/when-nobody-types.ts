/** Runs now, or as soon as the text field that has the focus is left. */
export function whenNobodyTypes(run: () => void): void {
  if (!isTyping()) {
    run()
    return
  }
  document.addEventListener('focusout', () => queueMicrotask(() => whenNobodyTypes(run)), { once: true })
}

function isTyping(): boolean {
  const active = document.activeElement
  return (
    active instanceof HTMLTextAreaElement ||
    (active instanceof HTMLInputElement && !/^(checkbox|radio|button|submit|range)$/.test(active.type)) ||
    (active instanceof HTMLElement && active.isContentEditable)
  )
}
