import type { JSX } from 'solid-js'

/** The waterline seen from up close. It stands still: a wave means sync, and here is none yet. */
export function Sea(): JSX.Element {
  return (
    <div class="sea" aria-hidden="true">
      <i />
      <svg>
        <defs>
          <pattern id="sea-fill" width="144" height="26" patternUnits="userSpaceOnUse">
            <path d="M0 13c24-11 48-11 72 0s48 11 72 0V26H0z" fill="var(--water)" />
          </pattern>
          <pattern id="sea-edge" width="144" height="26" patternUnits="userSpaceOnUse">
            <path
              d="M0 13c24-11 48-11 72 0s48 11 72 0"
              fill="none"
              stroke="var(--accent)"
              stroke-width="2.5"
            />
          </pattern>
          <pattern id="sea-far" width="208" height="20" patternUnits="userSpaceOnUse">
            <path
              d="M0 10c34.67-8 69.33-8 104 0s69.33 8 104 0"
              fill="none"
              stroke="var(--accent)"
              stroke-width="1.5"
              opacity=".4"
            />
          </pattern>
          <pattern id="sea-farther" width="300" height="20" patternUnits="userSpaceOnUse">
            <path
              d="M0 10c50-6 100-6 150 0s100 6 150 0"
              fill="none"
              stroke="var(--accent)"
              stroke-width="1.5"
              opacity=".22"
            />
          </pattern>
        </defs>
        <rect width="100%" height="26.5" fill="url(#sea-fill)" />
        <rect width="100%" height="26" fill="url(#sea-edge)" />
      </svg>
      <svg>
        <rect width="100%" height="20" fill="url(#sea-far)" />
      </svg>
      <svg>
        <rect width="100%" height="20" fill="url(#sea-farther)" />
      </svg>
    </div>
  )
}
