import { For, type JSX, Show, createMemo } from 'solid-js'
import type { TaskDescription } from '../../stores/tasks/task-description.ts'
import { hueOf } from '../kit/person-colour.ts'
import type { NamedVisitor } from './TaskVisitors.tsx'

interface Piece {
  readonly text: string
  readonly people: readonly NamedVisitor[]
}

/** Where others write, laid over the field: the same words, unseen, with their carets between them. */
export function Carets(props: {
  text: string
  description: TaskDescription
  visitors: readonly NamedVisitor[]
}): JSX.Element {
  const pieces = createMemo((): readonly Piece[] => {
    const places = new Map<number, NamedVisitor[]>()
    for (const one of props.visitors) {
      const place = one.cursor === null ? null : props.description.placeOf(one.cursor)
      if (place !== null && place <= props.text.length) places.set(place, [...(places.get(place) ?? []), one])
    }
    let from = 0
    return [...places]
      .toSorted(([a], [b]) => a - b)
      .map(([place, people]) => {
        const text = props.text.slice(from, place)
        from = place
        return { text, people }
      })
  })
  return (
    <Show when={pieces().length > 0}>
      <div class="doc carets" aria-hidden="true">
        <For each={pieces()}>
          {({ text, people }) => (
            <>
              {text}
              <For each={people}>
                {({ id, name, typing }) => (
                  <span
                    class="cur"
                    data-quiet={typing ? undefined : ''}
                    style={{ '--c': `light-dark(oklch(.5 .13 ${hueOf(id)}), oklch(.8 .1 ${hueOf(id)}))` }}
                  >
                    <i>{name.trim().split(/\s+/)[0]}</i>
                  </span>
                )}
              </For>
            </>
          )}
        </For>
      </div>
    </Show>
  )
}
