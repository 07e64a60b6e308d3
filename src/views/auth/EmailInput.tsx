import type { JSX } from 'solid-js'
import { useText } from '../i18n/language.ts'
import { TextInput } from '../kit/TextInput.tsx'

/** The address as the browser's and the phone's keyboards know it: no capitals, no spelling, filled in as the account. */
export function EmailInput(props: {
  value: string
  onInput: (value: string) => void
  error: string | undefined
}): JSX.Element {
  const t = useText()
  return (
    <TextInput
      label={t('auth.email')}
      type="email"
      name="email"
      autocomplete="username"
      inputmode="email"
      autocapitalize="off"
      spellcheck={false}
      required
      value={props.value}
      onInput={props.onInput}
      error={props.error}
    />
  )
}
