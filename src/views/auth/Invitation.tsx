import { A, useNavigate, useParams } from '@solidjs/router'
import { createResource, createSignal, Match, Show, Switch, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import { ServerRefusal, type DescribedInvitation } from '../../stores/session/ports.ts'
import { invitationPath, roomPath, signInPath, signUpPath } from '../addresses.ts'
import { useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { createTitle } from '../shell/title.ts'
import { useFailureWords } from './failure-words.ts'
import { FormProblem } from './FormProblem.tsx'
import { Shore } from './Shore.tsx'

const closed = {
  expired: 'auth.inviteExpired',
  revoked: 'auth.inviteRevoked',
  accepted: 'auth.inviteAccepted',
  invalid: 'auth.inviteInvalid',
} as const

/** Says who invites to what before anybody has to sign in. */
export default function Invitation(): JSX.Element {
  const t = useText()
  const app = useApp()
  const navigate = useNavigate()
  const params = useParams()
  const failureWords = useFailureWords()
  const token = () => params['token'] ?? ''
  const [problem, setProblem] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)
  const [read, { refetch }] = createResource(token, async (text) => {
    try {
      return await app.teams.describe(text)
    } catch (failure) {
      return failure instanceof ServerRefusal && failure.code === 'unreachable' ? 'unreachable' : 'invalid'
    }
  })
  const described = (): DescribedInvitation | undefined => {
    const answer = read()
    return typeof answer === 'object' ? answer : undefined
  }
  const closedState = () => {
    const answer = read()
    if (answer === 'invalid') return 'invalid'
    const state = described()?.state
    return state === undefined || state === 'open' ? undefined : state
  }
  createTitle(() => t('auth.inviteTitle', described()?.workspaceName ?? 'Tideline'))

  const accept = async () => {
    setBusy(true)
    setProblem()
    try {
      const workspace = await app.session.acceptInvitation(token())
      navigate(roomPath(workspace, 'tasks'), { replace: true })
    } catch (failure) {
      setProblem(failureWords(failure))
      setBusy(false)
    }
  }

  return (
    <Shore>
      <div class="form">
        <Switch>
          <Match when={read.loading}>
            <p class="soft" role="status">
              {t('auth.inviteReading')}
            </p>
          </Match>
          <Match when={read() === 'unreachable'}>
            <h1>{t('auth.inviteOffline')}</h1>
            <Button icon="refresh" onClick={() => void refetch()}>
              {t('shell.retry')}
            </Button>
          </Match>
          <Match when={closedState()}>
            {(state) => (
              <>
                <div>
                  <h1>{t(closed[state()])}</h1>
                  <p class="soft">{t('auth.inviteAskAnother')}</p>
                </div>
                <A class="btn" href="/">
                  {t('shell.goHome')}
                </A>
              </>
            )}
          </Match>
          <Match when={described()}>
            {(invitation) => (
              <>
                <div>
                  <h1>{t('auth.inviteTitle', invitation().workspaceName)}</h1>
                  <p class="soft">
                    {t('auth.inviteFrom', invitation().inviter, t(`auth.role_${invitation().role}`))}
                  </p>
                </div>
                <FormProblem words={problem()} />
                <Show
                  when={app.session.signedIn()}
                  fallback={
                    <>
                      <A class="btn" data-kind="primary" href={signUpPath(invitationPath(token()))}>
                        {t('auth.inviteSignUp')}
                      </A>
                      <A class="btn" href={signInPath(invitationPath(token()))}>
                        {t('auth.inviteSignIn')}
                      </A>
                    </>
                  }
                >
                  <Button kind="primary" disabled={busy()} onClick={() => void accept()}>
                    {busy() ? t('auth.inviteAccepting') : t('auth.inviteAccept', invitation().workspaceName)}
                  </Button>
                  <p class="soft f1">{t('auth.inviteSignedInAs', app.session.person()?.name ?? '')}</p>
                </Show>
              </>
            )}
          </Match>
        </Switch>
      </div>
    </Shore>
  )
}
