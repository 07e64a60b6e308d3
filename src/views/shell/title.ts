import { createEffect } from 'solid-js'

/** The page's name in the browser's tab and for a screen reader: the room first, the app last. */
export function createTitle(title: () => string): void {
  createEffect(() => {
    document.title = `${title()} · Tideline`
  })
}
