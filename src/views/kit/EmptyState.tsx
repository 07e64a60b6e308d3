import { Match, Show, Switch, type JSX } from 'solid-js'

/** The line, one fact, one action. `here`: nothing to do. `dry`: not on this device yet. `ahead`: not built yet. */
export function EmptyState(props: {
  scene?: 'here' | 'dry' | 'ahead'
  title: string
  /** The page has no other heading: this one leads it. */
  lead?: boolean
  children?: JSX.Element
  action?: JSX.Element
}): JSX.Element {
  return (
    <div class="empty">
      <svg viewBox="0 0 120 64" aria-hidden="true">
        <Switch fallback={<Calm />}>
          <Match when={props.scene === 'dry'}>
            <path d="M0 48h120" stroke="var(--control)" stroke-dasharray="3 3" />
            <circle cx="44" cy="48" r="5" fill="var(--surface)" stroke="var(--accent)" stroke-width="1.5" />
            <circle cx="60" cy="48" r="5" fill="var(--surface)" stroke="var(--accent)" stroke-width="1.5" />
            <circle cx="76" cy="48" r="5" fill="var(--surface)" stroke="var(--accent)" stroke-width="1.5" />
          </Match>
          <Match when={props.scene === 'ahead'}>
            <Water />
            <path d="M60 45V22" stroke="var(--control)" stroke-width="1.5" />
            <path
              d="M60 22h15l-4 5 4 5H60z"
              fill="none"
              stroke="var(--accent)"
              stroke-width="2"
              stroke-linejoin="round"
            />
          </Match>
        </Switch>
      </svg>
      <Show when={props.lead} fallback={<h2>{props.title}</h2>}>
        <h1>{props.title}</h1>
      </Show>
      <Show when={props.children}>
        <p>{props.children}</p>
      </Show>
      {props.action}
    </div>
  )
}

function Water(): JSX.Element {
  return (
    <>
      <path d="M0 48c10-6 20-6 30 0s20 6 30 0 20-6 30 0 20 6 30 0v16H0z" fill="var(--water-soft)" />
      <path
        d="M0 48c10-6 20-6 30 0s20 6 30 0 20-6 30 0 20 6 30 0"
        fill="none"
        stroke="var(--accent)"
        stroke-width="2"
      />
    </>
  )
}

function Calm(): JSX.Element {
  return (
    <>
      <path d="M0 40h120" stroke="var(--line-2)" />
      <Water />
      <circle cx="60" cy="26" r="11" fill="none" stroke="var(--control)" stroke-width="1.5" />
      <path
        d="m55 26 3.5 3.5 6.5-7"
        fill="none"
        stroke="var(--accent)"
        stroke-width="2"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </>
  )
}
