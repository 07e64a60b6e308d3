import { A, useNavigate, useSearchParams } from '@solidjs/router'
import { createSignal, Show, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import { safeBack, signInPath } from '../addresses.ts'
import { useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { TextInput } from '../kit/TextInput.tsx'
import { createTitle } from '../shell/title.ts'
import { checkEmail, checkNewPassword } from './check-account.ts'
import { useFailureWords } from './failure-words.ts'
import { FormProblem } from './FormProblem.tsx'
import { EmailInput } from './EmailInput.tsx'
import { PasswordInput } from './PasswordInput.tsx'
import { Shore } from './Shore.tsx'

/** An account and a workspace in one step; only the account when an invitation waits to be accepted. */
export default function SignUp(): JSX.Element {
  const t = useText()
  const app = useApp()
  const navigate = useNavigate()
  const [query] = useSearchParams()
  const failureWords = useFailureWords()
  createTitle(() => t('auth.signUpTitle'))

  const back = () => safeBack(query['back'])
  const invited = () => back()?.startsWith('/invite/') === true
  const [name, setName] = createSignal('')
  const [email, setEmail] = createSignal('')
  const [password, setPassword] = createSignal('')
  const [team, setTeam] = createSignal('')
  const [tried, setTried] = createSignal(false)
  const [problem, setProblem] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)
  const [confirm, setConfirm] = createSignal(false)

  const nameError = () => (tried() && name().trim() === '' ? t('auth.needName') : undefined)
  const emailError = () => (tried() ? checkEmail(email(), t) : undefined)
  const passwordError = () => (tried() ? checkNewPassword(password(), t) : undefined)
  const teamError = () => (tried() && !invited() && team().trim() === '' ? t('auth.needTeam') : undefined)

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    setProblem()
    if ([nameError(), emailError(), passwordError(), teamError()].some((error) => error !== undefined)) return
    setBusy(true)
    try {
      const account = { name: name().trim(), email: email().trim(), password: password() }
      const outcome = await app.session.signUp(invited() ? account : { ...account, team: team().trim() })
      if (outcome === 'confirm') setConfirm(true)
      else navigate(back() ?? '/', { replace: true })
    } catch (failure) {
      setProblem(failureWords(failure))
      setBusy(false)
    }
  }

  return (
    <Shore>
      <Show
        when={!confirm()}
        fallback={
          <div class="form" role="status">
            <div>
              <h1>{t('auth.confirmTitle')}</h1>
              <p class="soft">{t('auth.confirmWords', email())}</p>
            </div>
            <A class="btn" href={signInPath(back())}>
              {t('auth.signIn')}
            </A>
          </div>
        }
      >
        <form class="form" onSubmit={(event) => void submit(event)} noValidate>
          <div>
            <h1>{t('auth.signUpTitle')}</h1>
            <Show when={!invited()}>
              <p class="soft">{t('auth.signUpIntro')}</p>
            </Show>
          </div>
          <TextInput
            label={t('auth.yourName')}
            name="name"
            autocomplete="name"
            required
            maxLength={120}
            value={name()}
            onInput={setName}
            error={nameError()}
          />
          <EmailInput value={email()} onInput={setEmail} error={emailError()} />
          <PasswordInput
            value={password()}
            onInput={setPassword}
            autocomplete="new-password"
            hint={t('auth.passwordHint')}
            error={passwordError()}
          />
          <Show when={!invited()}>
            <TextInput
              label={t('auth.teamName')}
              name="organization"
              autocomplete="organization"
              required
              maxLength={80}
              value={team()}
              onInput={setTeam}
              hint={t('auth.teamHint')}
              error={teamError()}
            />
          </Show>
          <FormProblem words={problem()} />
          <Button kind="primary" type="submit" disabled={busy()}>
            {busy() ? t('auth.signingUp') : invited() ? t('auth.signUpOnly') : t('auth.signUp')}
          </Button>
          <div class="or">{t('auth.or')}</div>
          <A class="btn" href={signInPath(back())}>
            {t('auth.haveAccount')}
          </A>
        </form>
      </Show>
    </Shore>
  )
}
