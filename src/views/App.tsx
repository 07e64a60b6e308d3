import { Navigate, Route, Router, useLocation, type RouteSectionProps } from '@solidjs/router'
import { lazy, Match, Suspense, Switch, type JSX } from 'solid-js'
import { useApp } from '../stores/app-context.ts'
import { roomPath, rooms, signInPath } from './addresses.ts'
import { registerAppCommands } from './commands/app-commands.ts'
import { createShortcuts } from './commands/shortcuts.ts'
import { withWords } from './i18n/language.ts'
import './kit/kit.css'
import { createThemeOnPage } from './shell/theme.ts'
import { WorkspaceFrame } from './shell/WorkspaceFrame.tsx'
import TasksScreen from './tasks/TasksScreen.tsx'

const Layers = lazy(() => import('./Layers.tsx'))
const SignIn = lazy(() => withWords(import('./auth/SignIn.tsx')))
const SignUp = lazy(() => withWords(import('./auth/SignUp.tsx')))
const Invitation = lazy(() => withWords(import('./auth/Invitation.tsx')))
const SettingsScreen = lazy(() => withWords(import('./settings/SettingsScreen.tsx')))
const ProfilePage = lazy(() => withWords(import('./settings/ProfilePage.tsx')))
const AppearancePage = lazy(() => withWords(import('./settings/AppearancePage.tsx')))
const SyncPage = lazy(() => withWords(import('./settings/SyncPage.tsx')))
const MembersPage = lazy(() => withWords(import('./settings/MembersPage.tsx')))
const AboutPage = lazy(() => withWords(import('./settings/AboutPage.tsx')))
const AheadScreen = lazy(() => withWords(import('./shell/AheadScreen.tsx')))
const NoWorkspace = lazy(() => withWords(import('./shell/NoWorkspace.tsx')))
const NotFound = lazy(() => withWords(import('./shell/NotFound.tsx')))

/** Every address of the app. Shell and tasks are in the first script; the other rooms come when entered. */
export function App(): JSX.Element {
  return (
    <Router root={Everywhere}>
      <Route path="/" component={Home} />
      <Route path="/sign-in" component={SignIn} />
      <Route path="/sign-up" component={SignUp} />
      <Route path="/invite/:token" component={Invitation} />
      <Route path={rooms.map((room) => `/${room}`)} component={Home} />
      <Route path="/w/:workspace" component={WorkspaceFrame}>
        <Route path="/" component={() => <Navigate href="tasks" />} />
        <Route path="/tasks" component={TasksScreen} />
        <Route path="/inbox" component={() => <AheadScreen room="inbox" />} />
        <Route path="/office" component={() => <AheadScreen room="office" />} />
        <Route path="/channels" component={() => <AheadScreen room="channels" />} />
        <Route path="/settings" component={SettingsScreen}>
          <Route path="/" component={() => <section class="pane" />} />
          <Route path="/profile" component={ProfilePage} />
          <Route path="/appearance" component={AppearancePage} />
          <Route path="/sync" component={SyncPage} />
          <Route path="/members" component={MembersPage} />
          <Route path="/about" component={AboutPage} />
        </Route>
        <Route path="*" component={NotFound} />
      </Route>
      <Route path="*" component={NotFound} />
    </Router>
  )
}

/** `/` and `/tasks?new=1` open in the last workspace of this device: shortcuts of the installed app know no workspace. */
function Home(): JSX.Element {
  const app = useApp()
  const location = useLocation()
  const home = app.session.home()
  const room = rooms.find((name) => location.pathname === `/${name}`) ?? 'tasks'
  return (
    <Switch fallback={<Navigate href={signInPath()} />}>
      <Match when={home}>{(open) => <Navigate href={roomPath(open(), room) + location.search} />}</Match>
      <Match when={app.session.person()}>
        <NoWorkspace />
      </Match>
    </Switch>
  )
}

function Everywhere(props: RouteSectionProps): JSX.Element {
  createThemeOnPage()
  createShortcuts()
  registerAppCommands()
  return (
    <>
      <Suspense>{props.children}</Suspense>
      <Suspense>
        <Layers />
      </Suspense>
    </>
  )
}
