import { Show, splitProps, type JSX } from 'solid-js'
import { Field } from './Field.tsx'
import type { IconName } from './icon-names.ts'
import { Icon } from './Icon.tsx'

export type TextInputProps = Omit<JSX.InputHTMLAttributes<HTMLInputElement>, 'class' | 'id' | 'onInput'> & {
  label: string
  value: string
  onInput: (value: string) => void
  hint?: string | undefined
  error?: string | undefined
  icon?: IconName
  /** A control at the end of the field, such as "show password". */
  end?: JSX.Element
}

export function TextInput(props: TextInputProps): JSX.Element {
  const [own, rest] = splitProps(props, ['label', 'value', 'onInput', 'hint', 'error', 'icon', 'end'])
  return (
    <Field label={own.label} hint={own.hint} error={own.error}>
      {(wiring) => (
        <span class="input">
          <Show when={own.icon}>{(icon) => <Icon name={icon()} />}</Show>
          <input
            {...rest}
            id={wiring().id}
            value={own.value}
            onInput={(event) => own.onInput(event.currentTarget.value)}
            aria-invalid={wiring().invalid ? 'true' : undefined}
            aria-describedby={wiring().describedBy}
          />
          {own.end}
        </span>
      )}
    </Field>
  )
}
