import { createSignal, type JSX } from 'solid-js'
import { useText } from '../i18n/language.ts'
import { IconButton } from '../kit/IconButton.tsx'
import { TextInput } from '../kit/TextInput.tsx'

export function PasswordInput(props: {
  value: string
  onInput: (value: string) => void
  autocomplete: 'current-password' | 'new-password'
  hint?: string | undefined
  error?: string | undefined
}): JSX.Element {
  const t = useText()
  const [shown, setShown] = createSignal(false)
  return (
    <TextInput
      label={t('auth.password')}
      type={shown() ? 'text' : 'password'}
      name="password"
      autocomplete={props.autocomplete}
      autocapitalize="off"
      spellcheck={false}
      required
      value={props.value}
      onInput={props.onInput}
      hint={props.hint}
      error={props.error}
      end={
        <IconButton
          icon="eye"
          label={shown() ? t('auth.hidePassword') : t('auth.showPassword')}
          aria-pressed={shown()}
          onClick={() => setShown(!shown())}
        />
      }
    />
  )
}
