import { createSignal, createUniqueId, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import type { Workspace } from '../../stores/session/session.ts'
import { useFailureWords } from '../auth/failure-words.ts'
import { useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { Dialog } from '../kit/Dialog.tsx'
import { TextInput } from '../kit/TextInput.tsx'

export default function NewWorkspaceDialog(props: {
  onClose: () => void
  onMade: (workspace: Workspace) => void
}): JSX.Element {
  const t = useText()
  const app = useApp()
  const failureWords = useFailureWords()
  const form = createUniqueId()
  const [name, setName] = createSignal('')
  const [error, setError] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (name().trim() === '') {
      setError(t('auth.needTeam'))
      return
    }
    setBusy(true)
    try {
      const made = await app.session.createWorkspace(name().trim())
      props.onClose()
      props.onMade(made)
    } catch (failure) {
      setError(failureWords(failure))
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onClose={props.onClose}
      title={t('shell.newWorkspaceTitle')}
      actions={
        <>
          <Button onClick={() => props.onClose()}>{t('shell.cancel')}</Button>
          <Button kind="primary" type="submit" form={form} disabled={busy()}>
            {busy() ? t('shell.creating') : t('shell.create')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void submit(event)} noValidate>
        <TextInput
          label={t('shell.newWorkspaceName')}
          hint={t('shell.newWorkspaceHint')}
          error={error()}
          value={name()}
          onInput={(value) => {
            setName(value)
            setError()
          }}
          autocomplete="organization"
          maxLength={80}
        />
      </form>
    </Dialog>
  )
}
