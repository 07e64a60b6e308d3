import { createUniqueId, Show, type JSX } from 'solid-js'
import { Icon } from './Icon.tsx'

export type FieldWiring = { id: string; describedBy: string | undefined; invalid: boolean }

/** Label, control and one line below it: the hint, or what is wrong and how to mend it. */
export function Field(props: {
  label: string
  hint?: string | undefined
  error?: string | undefined
  children: (wiring: () => FieldWiring) => JSX.Element
}): JSX.Element {
  const id = createUniqueId()
  const below = () => props.error ?? props.hint
  const wiring = (): FieldWiring => ({
    id,
    describedBy: below() === undefined ? undefined : `${id}-below`,
    invalid: props.error !== undefined,
  })
  return (
    <div class="field" data-invalid={props.error === undefined ? undefined : ''}>
      <label for={id}>{props.label}</label>
      {props.children(wiring)}
      <Show when={below()}>
        {(words) => (
          <small id={`${id}-below`}>
            <Show when={props.error !== undefined}>
              <Icon name="alert" size={14} />
            </Show>
            {words()}
          </small>
        )}
      </Show>
    </div>
  )
}
