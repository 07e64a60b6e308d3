import { Show, type JSX } from 'solid-js'
import { hueOf, initialsOf } from './person-colour.ts'

const suits = ['brass', 'coral', 'kelp', 'urchin', 'deep', 'shell', 'reef'] as const

/** People are round initials, agents wear a helmet in a square. Silent: the name stands beside it or in `label`. */
export function Avatar(props: {
  id: string
  name: string
  kind?: 'person' | 'agent'
  size?: 16 | 18 | 20 | 24 | 28 | 32 | 40 | 56
  label?: string
}): JSX.Element {
  const agent = () => props.kind === 'agent'
  const hue = () => hueOf(props.id)
  return (
    <span
      class="av"
      data-d={props.size ?? 24}
      data-kind={agent() ? 'agent' : undefined}
      data-suit={agent() ? suits[hue() % suits.length] : undefined}
      style={
        agent()
          ? {}
          : {
              '--av': `light-dark(oklch(.89 .04 ${hue()}), oklch(.38 .045 ${hue()}))`,
              '--av-ink': `light-dark(oklch(.38 .07 ${hue()}), oklch(.92 .03 ${hue()}))`,
            }
      }
      role={props.label === undefined ? undefined : 'img'}
      aria-label={props.label}
      aria-hidden={props.label === undefined ? 'true' : undefined}
      data-tip={props.label}
    >
      <Show when={agent()} fallback={initialsOf(props.name)}>
        <svg viewBox="0 0 14 14">
          <use href="#px-face" />
        </svg>
      </Show>
    </span>
  )
}
