import { createEffect } from 'solid-js'
import { createRemembered } from '../../stores/remembered.ts'

const themes = ['light', 'dark', 'system'] as const
export type Theme = (typeof themes)[number]

const isTheme = (value: unknown): value is Theme => themes.some((known) => known === value)

export const [theme, setTheme] = createRemembered<Theme>('theme', 'system', isTheme)

/** `index.html` sets it before the first paint; this keeps it true afterwards. */
export function createThemeOnPage(): void {
  createEffect(() => {
    const chosen = theme()
    if (chosen === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = chosen
    // The bar of the browser or the system takes the shell's colour in both schemes.
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
      const scheme = chosen === 'system' ? meta.dataset['scheme'] : chosen
      meta.content = scheme === 'dark' ? '#091218' : '#f2f1ec'
    }
  })
}
