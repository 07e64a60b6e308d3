import type { JSX } from 'solid-js'
import type { IconName } from './icon-names.ts'

/** `label` only where the icon stands without a word; otherwise it is silent to a screen reader. */
export function Icon(props: {
  name: IconName
  size?: 12 | 14 | 20 | 24 | undefined
  label?: string | undefined
  class?: string | undefined
  style?: JSX.CSSProperties
}): JSX.Element {
  return (
    <svg
      class={props.class === undefined ? 'i' : `i ${props.class}`}
      style={props.style}
      data-s={props.size}
      aria-hidden={props.label === undefined ? 'true' : undefined}
      role={props.label === undefined ? undefined : 'img'}
      aria-label={props.label}
    >
      <use href={`#i-${props.name}`} />
    </svg>
  )
}
