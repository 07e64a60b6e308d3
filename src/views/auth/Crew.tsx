import type { JSX } from 'solid-js'

/** A person and an agent on the shore: the two kinds that work here, never confused. */
export function Crew(): JSX.Element {
  return (
    <div class="crew" aria-hidden="true">
      <Person />
      <Diver />
    </div>
  )
}

function Person(): JSX.Element {
  return (
    <svg
      width="56"
      height="72"
      viewBox="0 0 14 18"
      style={{
        '--skin': 'oklch(.72 .07 55)',
        '--hair': 'oklch(.3 .04 40)',
        '--shirt': 'oklch(.6 .09 225)',
        '--jean': 'oklch(.42 .05 255)',
        '--eye': 'oklch(.25 .02 60)',
        '--boot': 'oklch(.3 .02 60)',
      }}
    >
      <path
        fill="var(--hair)"
        d="M4 0h6v1h-6zM3 1h8v1h-8zM2 2h10v1h-10zM2 3h3v1h-3zM10 3h2v1h-2zM2 4h2v1h-2zM10 4h2v1h-2zM2 5h2v1h-2zM10 5h2v1h-2zM2 6h2v1h-2zM10 6h2v1h-2zM2 7h3v1h-3zM9 7h3v1h-3zM2 8h3v1h-3zM9 8h3v1h-3z"
      />
      <path
        fill="var(--skin)"
        d="M5 3h5v1h-5zM4 4h6v1h-6zM4 5h1v1h-1zM6 5h2v1h-2zM9 5h1v1h-1zM4 6h6v1h-6zM5 7h1v1h-1zM8 7h1v1h-1zM5 8h4v1h-4zM1 13h2v1h-2zM11 13h2v1h-2z"
      />
      <path fill="var(--eye)" d="M5 5h1v1h-1zM8 5h1v1h-1z" />
      <path fill="color-mix(in oklab,var(--skin) 82%,#400)" d="M6 7h2v1h-2z" />
      <path
        fill="var(--shirt)"
        d="M2 9h10v1h-10zM1 10h12v1h-12zM1 11h2v1h-2zM4 11h6v1h-6zM11 11h2v1h-2zM1 12h2v1h-2zM4 12h6v1h-6zM11 12h2v1h-2zM4 13h6v1h-6z"
      />
      <path
        fill="color-mix(in oklab,var(--shirt) 80%,#000)"
        d="M3 11h1v1h-1zM10 11h1v1h-1zM3 12h1v1h-1zM10 12h1v1h-1zM3 13h1v1h-1zM10 13h1v1h-1z"
      />
      <path fill="var(--jean)" d="M3 14h8v1h-8zM3 15h8v1h-8zM3 16h3v1h-3zM8 16h3v1h-3z" />
      <path fill="var(--boot)" d="M3 17h3v1h-3zM8 17h3v1h-3z" />
    </svg>
  )
}

function Diver(): JSX.Element {
  return (
    <svg width="56" height="76" viewBox="0 0 14 19" data-suit="brass">
      <path
        fill="var(--suit)"
        d="M3 0h8v1h-8zM2 1h10v1h-10zM1 2h2v1h-2zM11 2h2v1h-2zM1 3h1v1h-1zM12 3h1v1h-1zM1 4h1v1h-1zM12 4h1v1h-1zM1 5h1v1h-1zM12 5h1v1h-1zM1 6h1v1h-1zM12 6h1v1h-1zM1 7h2v1h-2zM11 7h2v1h-2zM2 8h10v1h-10z"
      />
      <path
        fill="color-mix(in oklab,var(--suit) 72%,#000)"
        d="M3 2h8v1h-8zM2 3h1v1h-1zM11 3h1v1h-1zM2 4h1v1h-1zM11 4h1v1h-1zM2 5h1v1h-1zM11 5h1v1h-1zM2 6h1v1h-1zM11 6h1v1h-1zM3 7h8v1h-8z"
      />
      <path
        fill="var(--visor)"
        d="M3 3h8v1h-8zM3 4h2v1h-2zM6 4h2v1h-2zM9 4h2v1h-2zM3 5h2v1h-2zM6 5h2v1h-2zM9 5h2v1h-2zM3 6h8v1h-8z"
      />
      <path fill="var(--lit)" d="M5 4h1v1h-1zM8 4h1v1h-1zM5 5h1v1h-1zM8 5h1v1h-1z" />
      <path fill="var(--brass)" d="M3 9h8v1h-8z" />
      <path
        fill="var(--suit)"
        d="M2 10h10v1h-10zM1 11h12v1h-12zM1 12h2v1h-2zM4 12h6v1h-6zM11 12h2v1h-2zM1 13h2v1h-2zM4 13h6v1h-6zM11 13h2v1h-2zM4 14h6v1h-6zM3 15h8v1h-8zM3 16h3v1h-3zM8 16h3v1h-3zM3 17h3v1h-3zM8 17h3v1h-3z"
      />
      <path
        fill="color-mix(in oklab,var(--suit) 78%,#000)"
        d="M3 12h1v1h-1zM10 12h1v1h-1zM3 13h1v1h-1zM10 13h1v1h-1zM3 14h1v1h-1zM10 14h1v1h-1zM6 16h2v1h-2z"
      />
      <path fill="var(--glove)" d="M1 14h2v1h-2zM11 14h2v1h-2z" />
      <path fill="var(--boot)" d="M3 18h3v1h-3zM8 18h3v1h-3z" />
    </svg>
  )
}
