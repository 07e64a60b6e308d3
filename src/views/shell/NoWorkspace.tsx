import { useNavigate } from '@solidjs/router'
import { createSignal, Show, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import { roomPath } from '../addresses.ts'
import { useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { EmptyState } from '../kit/EmptyState.tsx'
import NewWorkspaceDialog from './NewWorkspaceDialog.tsx'
import { createTitle } from './title.ts'

/** Signed in, but in no team yet: make one, or follow an invitation. */
export default function NoWorkspace(): JSX.Element {
  const t = useText()
  const app = useApp()
  const navigate = useNavigate()
  const [asked, setAsked] = createSignal(false)
  createTitle(() => t('shell.noWorkspaceTitle'))
  const leave = async () => {
    await app.session.signOut(false)
    navigate('/sign-in', { replace: true })
  }
  return (
    <main class="alone">
      <EmptyState
        lead
        scene="ahead"
        title={t('shell.noWorkspaceTitle')}
        action={
          <div class="acts">
            <Button kind="primary" icon="plus" onClick={() => setAsked(true)}>
              {t('shell.newWorkspace')}
            </Button>
            <Button kind="ghost" onClick={() => void leave()}>
              {t('shell.signOut')}
            </Button>
          </div>
        }
      >
        {t('shell.noWorkspace')}
      </EmptyState>
      <Show when={asked()}>
        <NewWorkspaceDialog
          onClose={() => setAsked(false)}
          onMade={(made) => navigate(roomPath(made, 'tasks'), { replace: true })}
        />
      </Show>
    </main>
  )
}
