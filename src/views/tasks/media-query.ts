import { type Accessor, createSignal, onCleanup } from 'solid-js'

export function createMediaQuery(query: string): Accessor<boolean> {
  const media = window.matchMedia(query)
  const [matches, setMatches] = createSignal(media.matches)
  const listen = () => setMatches(media.matches)
  media.addEventListener('change', listen)
  onCleanup(() => media.removeEventListener('change', listen))
  return matches
}
