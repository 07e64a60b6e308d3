import { Show, type JSX } from 'solid-js'
import type { IconName } from './icon-names.ts'
import { Icon } from './Icon.tsx'

/** A state: icon and word together, so that it reads in grey. */
export function Badge(props: {
  tone?: 'ok' | 'warn' | 'bad' | 'accent' | 'dry'
  icon?: IconName | undefined
  children: JSX.Element
}): JSX.Element {
  return (
    <span class="badge" data-tone={props.tone}>
      <Show when={props.icon}>{(icon) => <Icon name={icon()} />}</Show>
      {props.children}
    </span>
  )
}
