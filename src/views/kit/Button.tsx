import { Show, splitProps, type JSX } from 'solid-js'
import type { IconName } from './icon-names.ts'
import { Icon } from './Icon.tsx'
import { Kbd } from './Kbd.tsx'

export type ButtonProps = Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, 'class'> & {
  kind?: 'primary' | 'ghost' | 'danger' | 'danger-solid'
  size?: 's'
  icon?: IconName
  /** Shown on the desktop only; the command registry is what makes them work. */
  keys?: string
}

export function Button(props: ButtonProps): JSX.Element {
  const [own, rest] = splitProps(props, ['kind', 'size', 'icon', 'keys', 'children', 'type'])
  return (
    <button {...rest} type={own.type ?? 'button'} class="btn" data-kind={own.kind} data-size={own.size}>
      <Show when={own.icon}>{(icon) => <Icon name={icon()} />}</Show>
      {own.children}
      <Show when={own.keys}>{(keys) => <Kbd keys={keys()} />}</Show>
    </button>
  )
}
