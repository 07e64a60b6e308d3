import { useLocation, useNavigate } from '@solidjs/router'
import { createEffect, createSignal, ErrorBoundary, on, Show, Suspense, untrack, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import { createRemembered } from '../../stores/remembered.ts'
import { createSentHistory } from '../../stores/sent-history.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { roomPath, signInPath } from '../addresses.ts'
import { useText } from '../i18n/language.ts'
import { Handle } from '../kit/Handle.tsx'
import { showToast } from '../kit/show-toast.ts'
import { NewWorkspaceDialog, SignOutDialog } from './rooms-on-demand.ts'
import { ScreenFailed } from './ScreenFailed.tsx'
import { Sidebar } from './Sidebar.tsx'
import { ShellContext, type Shell } from './shell-context.ts'
import { registerShellCommands } from './shell-commands.ts'
import { SyncBar } from './SyncBar.tsx'
import { TabBar } from './TabBar.tsx'

const SIDEBAR = { min: 176, usual: 212, max: 320 }

/** Sidebar, sheet, waterline and tab bar around whatever the address shows. */
export function AppFrame(props: { children: JSX.Element }): JSX.Element {
  const t = useText()
  const app = useApp()
  const navigate = useNavigate()
  const location = useLocation()
  const workspace = useWorkspace()
  const history = createSentHistory(workspace.sync, Date.now)
  const [asked, setAsked] = createSignal<'workspace' | 'sign-out'>()
  const [sidebar, setSidebar] = createRemembered(
    'sidebar-width',
    SIDEBAR.usual,
    (value): value is number => typeof value === 'number' && value >= SIDEBAR.min && value <= SIDEBAR.max,
  )
  let main: HTMLElement | undefined

  const shell: Shell = {
    goTo: (room) => navigate(roomPath(workspace.workspace, room)),
    switchTo: (other) => navigate(roomPath(other, 'tasks')),
    askNewWorkspace: () => setAsked('workspace'),
    askSignOut: () => setAsked('sign-out'),
    signIn: () => navigate(signInPath(location.pathname + location.search)),
  }
  registerShellCommands(shell)
  createEffect(() => {
    // Said once: not again in the next language.
    if (app.installation.offlineReady()) showToast({ text: untrack(() => t('shell.offlineReady')) })
  })

  // A new page begins at its heading, as it would after a full load; the first one leaves the focus alone.
  createEffect(
    on(
      () => location.pathname,
      () => queueMicrotask(() => focusHeading(main)),
      { defer: true },
    ),
  )

  return (
    <ShellContext.Provider value={shell}>
      <div class="app" style={{ '--side': `${sidebar()}px` }}>
        <a class="skip" href="#main">
          {t('shell.skip')}
        </a>
        <Sidebar
          handle={
            <Handle
              label={t('shell.resizeSidebar')}
              width={sidebar()}
              min={SIDEBAR.min}
              max={SIDEBAR.max}
              side="before"
              onResize={setSidebar}
            />
          }
        />
        <main class="main" id="main" tabindex="-1" ref={(element) => (main = element)}>
          <ErrorBoundary fallback={(error: unknown) => <ScreenFailed error={error} />}>
            <Suspense>{props.children}</Suspense>
          </ErrorBoundary>
        </main>
        <SyncBar sent={history.sent()} onDiscarded={history.forget} />
        <TabBar />
      </div>
      <Suspense>
        <Show when={asked() === 'workspace'}>
          <NewWorkspaceDialog onClose={() => setAsked()} onMade={(made) => shell.switchTo(made)} />
        </Show>
        <Show when={asked() === 'sign-out'}>
          <SignOutDialog onClose={() => setAsked()} />
        </Show>
      </Suspense>
    </ShellContext.Provider>
  )
}

function focusHeading(main: HTMLElement | undefined): void {
  // A screen that took the focus for a reason of its own (a new task's input) keeps it.
  if (main?.contains(document.activeElement) === true && document.activeElement !== main) return
  const heading = main?.querySelector<HTMLElement>('h1')
  const target = heading ?? main
  if (target === undefined || target === null) return
  if (!target.hasAttribute('tabindex')) target.tabIndex = -1
  target.focus({ preventScroll: true })
}
