import { createUniqueId, For, Show, type JSX } from 'solid-js'
import type { IconName } from './icon-names.ts'
import { Icon } from './Icon.tsx'

/** One of a few, all in sight. Real radios: arrows move, a screen reader counts. */
export function Segmented<V extends string>(props: {
  label: string
  value: V
  options: readonly { value: V; label: string; icon?: IconName }[]
  onChange: (value: V) => void
}): JSX.Element {
  const name = createUniqueId()
  return (
    <span class="seg" role="radiogroup" aria-label={props.label}>
      <For each={props.options}>
        {(option) => (
          <label>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={props.value === option.value}
              onChange={() => props.onChange(option.value)}
            />
            <Show when={option.icon}>{(icon) => <Icon name={icon()} />}</Show>
            {option.label}
          </label>
        )}
      </For>
    </span>
  )
}
