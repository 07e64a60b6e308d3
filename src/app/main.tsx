import { createRoot } from 'solid-js'
import { render } from 'solid-js/web'
import { AppContext, type App as AppPorts } from '../stores/app-context.ts'
import { rememberIn } from '../stores/remembered.ts'
import { SESSION_KEY } from '../stores/session/saved-session.ts'
import { createSession } from '../stores/session/session.ts'
import { App } from '../views/App.tsx'
import { preferredLanguage, showLanguage } from '../views/i18n/language.ts'
import { warmRooms } from '../views/shell/rooms-on-demand.ts'
import { auth, workspaces } from './cloud.ts'
import { supabaseUrl } from '../sync/browser/project.ts'
import { device } from './device.ts'
import { firstPaint } from './first-paint.ts'
import { createInstallation } from './installation.ts'
import { openWorkspace } from './open-workspace.ts'

/**
 * The first paint comes from this device alone: the saved session, the language (Portuguese is in this script) and the
 * local documents. The server, the service worker and what opens over the screen come after it.
 */
async function boot(root: HTMLElement): Promise<void> {
  await showLanguage(preferredLanguage(navigator.languages))
  const app = createRoot((): AppPorts & { start: () => void } => {
    const session = createSession({ auth, workspaces })
    const { installation, start } = createInstallation()
    return {
      session,
      teams: workspaces,
      device,
      installation,
      about: {
        version: import.meta.env.TIDELINE_VERSION,
        builtAt: import.meta.env.TIDELINE_BUILT_AT,
        server: supabaseUrl,
      },
      openWorkspace: (workspace) => openWorkspace(session, workspace),
      start,
    }
  })
  render(
    () => (
      <AppContext.Provider value={app}>
        <App />
      </AppContext.Provider>
    ),
    root,
  )
  addEventListener('storage', (event) => {
    if (event.key === SESSION_KEY) app.session.reread()
  })
  await firstPaint
  void app.session.resume()
  app.start()
  void warmRooms().catch(() => undefined) // offline and not stored yet: each loads when it is opened
}

rememberIn(localStorage)
const root = document.getElementById('app')
if (root !== null) void boot(root)
