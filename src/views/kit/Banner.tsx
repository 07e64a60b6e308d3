import { Show, type JSX } from 'solid-js'
import type { IconName } from './icon-names.ts'
import { Icon } from './Icon.tsx'

/** A fact about the whole pane, with at most one way out. */
export function Banner(props: {
  tone?: 'plain' | 'bad'
  icon: IconName
  children: JSX.Element
  action?: JSX.Element
}): JSX.Element {
  return (
    <div class="banner" data-tone={props.tone} role={props.tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={props.icon} />
      <span>{props.children}</span>
      <Show when={props.action}>{props.action}</Show>
    </div>
  )
}
