import { createSignal, Show, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useFailureWords } from '../auth/failure-words.ts'
import { useText } from '../i18n/language.ts'
import { Avatar } from '../kit/Avatar.tsx'
import { Button } from '../kit/Button.tsx'
import { showToast } from '../kit/show-toast.ts'
import { TextInput } from '../kit/TextInput.tsx'
import { useShell } from '../shell/shell-context.ts'
import { SettingsPage } from './SettingsPage.tsx'

export default function ProfilePage(): JSX.Element {
  const t = useText()
  const app = useApp()
  const shell = useShell()
  const workspace = useWorkspace()
  const failureWords = useFailureWords()
  const [name, setName] = createSignal(workspace.person.name)
  const [error, setError] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)
  const changed = () => name().trim() !== workspace.person.name

  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    if (name().trim() === '') {
      setError(t('auth.needName'))
      return
    }
    setBusy(true)
    try {
      await app.session.rename(name().trim())
      showToast({ text: t('settings.saved') })
    } catch (failure) {
      setError(failureWords(failure))
    }
    setBusy(false)
  }

  return (
    <SettingsPage title={t('settings.profile')}>
      <div class="one">
        <section>
          <form class="lines" onSubmit={(event) => void save(event)} noValidate>
            <div class="face">
              <Avatar id={workspace.person.id} name={name()} size={56} />
              <div>
                <b>{workspace.person.name}</b>
                <div class="soft">{workspace.person.email}</div>
              </div>
            </div>
            <TextInput
              label={t('settings.name')}
              hint={
                workspace.connection().kind === 'live'
                  ? t('settings.nameHint')
                  : t('settings.nameNeedsNetwork')
              }
              error={error()}
              value={name()}
              onInput={(value) => {
                setName(value)
                setError()
              }}
              autocomplete="name"
              maxLength={120}
            />
            <div>
              <Button kind="primary" type="submit" disabled={busy() || !changed()}>
                {busy() ? t('settings.saving') : t('settings.save')}
              </Button>
            </div>
          </form>
        </section>
        <section>
          <header>
            <h2>{t('settings.account')}</h2>
          </header>
          <p class="soft">{t('settings.accountHint')}</p>
          <div class="acts2">
            <Show
              when={app.session.signedIn()}
              fallback={
                <Button icon="key" onClick={() => shell.signIn()}>
                  {t('shell.signInAgain')}
                </Button>
              }
            >
              <Button kind="danger" onClick={() => shell.askSignOut()}>
                {t('shell.signOut')}
              </Button>
            </Show>
          </div>
        </section>
      </div>
    </SettingsPage>
  )
}
