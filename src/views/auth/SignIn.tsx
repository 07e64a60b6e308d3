import { A, useNavigate, useSearchParams } from '@solidjs/router'
import { createSignal, Show, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import { pendingOnDevice } from '../../stores/session/pending-on-device.ts'
import { safeBack, signUpPath } from '../addresses.ts'
import { useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { createTitle } from '../shell/title.ts'
import { checkEmail } from './check-account.ts'
import { useFailureWords } from './failure-words.ts'
import { FormProblem } from './FormProblem.tsx'
import { EmailInput } from './EmailInput.tsx'
import { PasswordInput } from './PasswordInput.tsx'
import { Shore } from './Shore.tsx'

export default function SignIn(): JSX.Element {
  const t = useText()
  const app = useApp()
  const navigate = useNavigate()
  const [query] = useSearchParams()
  const failureWords = useFailureWords()
  createTitle(() => t('auth.signIn'))

  const home = app.session.home()
  const pending = pendingOnDevice(app.session)
  const [email, setEmail] = createSignal(app.session.person()?.email ?? '')
  const [password, setPassword] = createSignal('')
  const [tried, setTried] = createSignal(false)
  const [problem, setProblem] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)

  const emailError = () => (tried() ? checkEmail(email(), t) : undefined)
  const passwordError = () => (tried() && password() === '' ? t('auth.needPassword') : undefined)

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    setProblem()
    if (emailError() !== undefined || passwordError() !== undefined) return
    setBusy(true)
    try {
      await app.session.signIn(email().trim(), password())
      navigate(safeBack(query['back']) ?? '/', { replace: true })
    } catch (failure) {
      setProblem(failureWords(failure))
      setBusy(false)
    }
  }

  return (
    <Shore>
      <form class="form" onSubmit={(event) => void submit(event)} noValidate>
        <div>
          <h1>{home === undefined ? t('auth.signInTitle') : t('auth.signInTo', home.name)}</h1>
          <p class="soft">
            <Show when={home} fallback={t('auth.signInIntro')}>
              {app.session.access() === 'left' ? t('auth.signedOutHere') : t('auth.expired')}
            </Show>
          </p>
        </div>
        <EmailInput value={email()} onInput={setEmail} error={emailError()} />
        <PasswordInput
          value={password()}
          onInput={setPassword}
          autocomplete="current-password"
          error={passwordError()}
        />
        <FormProblem words={problem()} />
        <Button kind="primary" type="submit" disabled={busy()}>
          {busy() ? t('auth.signingIn') : pending > 0 ? t('auth.signInAndSend', pending) : t('auth.signIn')}
        </Button>
        <div class="or">{t('auth.or')}</div>
        <A class="btn" href={signUpPath(safeBack(query['back']))}>
          {t('auth.noAccount')}
        </A>
      </form>
    </Shore>
  )
}
