import type { JSX } from 'solid-js'
import type { Pigment } from './pigments.ts'

/** A label: its pigment is a dot, never the colour of its words. */
export function Tag(props: { pigment?: Pigment; children: JSX.Element }): JSX.Element {
  return (
    <span class="tag" style={props.pigment === undefined ? {} : { '--pig': `var(--pig-${props.pigment})` }}>
      {props.children}
    </span>
  )
}
