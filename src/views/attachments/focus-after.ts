/** What is removed takes the keyboard with it: that goes on where it stood, or where another is added. */
export function focusAfter(section: HTMLElement, id: string, remove: () => void): void {
  const places = () => [...section.querySelectorAll<HTMLElement>('[data-file]')]
  const place = places().findIndex((element) => element.dataset['file'] === id)
  remove()
  queueMicrotask(() => {
    if (document.activeElement !== document.body) return
    const left = places()
    const next = left[Math.min(place, left.length - 1)]?.querySelector('button')
    const toAdd = section.querySelector<HTMLElement>('header .btn')
    ;(next ?? toAdd)?.focus()
  })
}
