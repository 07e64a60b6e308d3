import { createRoot, createSignal } from 'solid-js'

/** The phone's layout, by the same line as the sheets draw it: one pane at a time. */
export const narrow = createRoot(() => {
  const query = globalThis.matchMedia?.('(max-width: 719px)')
  const [matches, setMatches] = createSignal(query?.matches ?? false)
  query?.addEventListener('change', (event) => setMatches(event.matches))
  return matches
})
