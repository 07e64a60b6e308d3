import { Show, splitProps, type JSX } from 'solid-js'
import type { IconName } from './icon-names.ts'
import { Icon } from './Icon.tsx'

/** A filter or choice that is on or off; `removable` shows the cross and says so in its name. */
export function Chip(
  props: Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, 'class'> & {
    on?: boolean
    icon?: IconName
    removable?: boolean
  },
): JSX.Element {
  const [own, rest] = splitProps(props, ['on', 'icon', 'removable', 'children'])
  return (
    <button {...rest} type="button" class="chip" data-on={own.on === true ? '' : undefined}>
      <Show when={own.icon}>{(icon) => <Icon name={icon()} />}</Show>
      {own.children}
      <Show when={own.removable}>
        <Icon name="x" />
      </Show>
    </button>
  )
}
