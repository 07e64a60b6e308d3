import { useNavigate, useParams, type RouteSectionProps } from '@solidjs/router'
import { createEffect, Show, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import type { Workspace } from '../../stores/session/session.ts'
import { WorkspaceContext } from '../../stores/workspace-context.ts'
import { signInPath } from '../addresses.ts'
import { useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { EmptyState } from '../kit/EmptyState.tsx'
import { TasksRoom } from '../tasks/TasksRoom.tsx'
import { AppFrame } from './AppFrame.tsx'
import { createTitle } from './title.ts'

/** Opens the workspace of the address from this device, before and without any answer from a server. */
export function WorkspaceFrame(props: RouteSectionProps): JSX.Element {
  const app = useApp()
  const params = useParams()
  const navigate = useNavigate()
  const workspaceId = () => app.session.find(params['workspace'] ?? '')?.id

  createEffect(() => {
    if (app.session.person() === undefined) {
      navigate(signInPath(location.pathname + location.search), { replace: true })
    }
  })

  return (
    // Another person who signs in, in another tab too, gets documents and an engine of their own.
    <Show when={app.session.person()?.id} keyed>
      <Show when={workspaceId()} keyed fallback={<NotYours />}>
        {(id) => (
          <Show when={app.session.find(id)}>
            {(workspace) => <Opened workspace={workspace()}>{props.children}</Opened>}
          </Show>
        )}
      </Show>
    </Show>
  )
}

function Opened(props: { workspace: Workspace; children: JSX.Element }): JSX.Element {
  const app = useApp()
  // The workspace of an address does not change while it is open: another one is another `Opened`.
  // oxlint-disable-next-line solid/reactivity -- see above
  const open = app.openWorkspace(props.workspace)
  app.session.visit(open.workspace)
  return (
    <WorkspaceContext.Provider value={open}>
      <TasksRoom>
        <AppFrame>{props.children}</AppFrame>
      </TasksRoom>
    </WorkspaceContext.Provider>
  )
}

function NotYours(): JSX.Element {
  const t = useText()
  const app = useApp()
  const navigate = useNavigate()
  createTitle(() => t('shell.notFoundTitle'))
  return (
    <main class="alone">
      <EmptyState
        lead
        scene="dry"
        title={t('shell.notYours')}
        action={
          <Button onClick={() => navigate(app.session.home() === undefined ? signInPath() : '/')}>
            {t('shell.goHome')}
          </Button>
        }
      >
        {t('shell.askForInvite')}
      </EmptyState>
    </main>
  )
}
