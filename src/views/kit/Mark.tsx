import type { JSX } from 'solid-js'

/** The logo: a T whose bar is one wave. */
export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M3 9.5c3-3.6 6-3.6 9 0s6 3.6 9 0" />
      <path d="M12 9.5V21" />
    </svg>
  )
}
