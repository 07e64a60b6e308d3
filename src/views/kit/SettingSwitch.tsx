import { Show, type JSX } from 'solid-js'

/** A setting that is on or off, with its state in words below its name. */
export function SettingSwitch(props: {
  label: string
  hint?: string | undefined
  on: boolean
  disabled?: boolean
  onChange: (on: boolean) => void
}): JSX.Element {
  return (
    <label class="set">
      <span>
        {props.label}
        <Show when={props.hint}>{(hint) => <small>{hint()}</small>}</Show>
      </span>
      <input
        type="checkbox"
        role="switch"
        class="switch"
        checked={props.on}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
    </label>
  )
}
