import { createEffect, createSignal, For, onCleanup, Show, type JSX } from 'solid-js'
import { Kbd } from './Kbd.tsx'
import { IconButton } from './IconButton.tsx'
import { closeToast, toasts, type LiveToast } from './show-toast.ts'

const PLAIN_MS = 5_000
/** Long enough to reach the action with a keyboard (WCAG 2.2.1 asks for time that can be kept: see the pause). */
const WITH_ACTION_MS = 10_000

/** The one live region of the app for passing words. Time stands still while pointer or focus is on it. */
export function Toasts(props: { closeLabel: string; regionLabel: string }): JSX.Element {
  const [paused, setPaused] = createSignal(false)
  return (
    <section
      class="toasts"
      aria-label={props.regionLabel}
      aria-live="polite"
      onPointerEnter={() => setPaused(true)}
      onPointerLeave={() => setPaused(false)}
      onFocusIn={() => setPaused(true)}
      onFocusOut={() => setPaused(false)}
    >
      <For each={toasts()}>
        {(toast) => <OneToast toast={toast} paused={paused()} closeLabel={props.closeLabel} />}
      </For>
    </section>
  )
}

function OneToast(props: { toast: LiveToast; paused: boolean; closeLabel: string }): JSX.Element {
  createEffect(() => {
    if (props.paused) return
    const timer = setTimeout(
      () => closeToast(props.toast.id),
      props.toast.action === undefined ? PLAIN_MS : WITH_ACTION_MS,
    )
    onCleanup(() => clearTimeout(timer))
  })
  return (
    <div class="toast" data-tone={props.toast.tone}>
      <span>{props.toast.text}</span>
      <Show when={props.toast.action}>
        {(action) => (
          <button
            type="button"
            class="act"
            onClick={() => {
              closeToast(props.toast.id)
              action().run()
            }}
          >
            {action().label}
            <Show when={action().keys}>{(keys) => <Kbd keys={keys()} />}</Show>
          </button>
        )}
      </Show>
      <IconButton icon="x" label={props.closeLabel} onClick={() => closeToast(props.toast.id)} />
    </div>
  )
}
