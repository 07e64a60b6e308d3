import { MemoryRouter, Route, createMemoryHistory } from '@solidjs/router'
import { createSignal, type JSX } from 'solid-js'
import { AppContext, type App } from '../../stores/app-context.ts'
import { rememberIn } from '../../stores/remembered.ts'
import type { AuthPort, WorkspacePort } from '../../stores/session/ports.ts'
import { createSession, type Workspace } from '../../stores/session/session.ts'
import { WorkspaceContext, type OpenWorkspace } from '../../stores/workspace-context.ts'

/** Ports for tests of screens: nothing leaves the page, and every answer is the test's. */
export const lia = { id: 'p1', name: 'Lia Monteiro', email: 'lia@nortefrio.example' }
export const norteFrio: Workspace = { id: 'w1', name: 'Norte Frio', slug: 'norte-frio', role: 'owner' }

/** A fresh device for each test, with what was saved on it. */
export function freshDevice(saved: Record<string, unknown> = {}): Map<string, string> {
  const kept = new Map(
    Object.entries(saved).map(([key, value]) => [`tideline.${key}`, JSON.stringify(value)]),
  )
  rememberIn({
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  })
  return kept
}

export function fakeAuth(part: Partial<AuthPort> = {}): AuthPort {
  return {
    current: () => Promise.resolve('unknown'),
    signIn: () => Promise.resolve(lia),
    signUp: () => Promise.resolve(lia),
    signOut: () => Promise.resolve(),
    rename: () => Promise.resolve(),
    onRefused: () => () => undefined,
    ...part,
  }
}

export function fakeTeams(part: Partial<WorkspacePort> = {}): WorkspacePort {
  return {
    mine: () => Promise.resolve([norteFrio]),
    create: () => Promise.resolve(norteFrio.id),
    team: () => Promise.resolve([{ id: lia.id, name: lia.name, role: 'owner' }]),
    setRole: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    invitations: () => Promise.resolve([]),
    invite: () => Promise.resolve({ id: 'i1', token: 'a.b', expiresAt: 0 }),
    revoke: () => Promise.resolve(),
    describe: () =>
      Promise.resolve({ state: 'open', workspaceName: norteFrio.name, role: 'agent', inviter: lia.name }),
    accept: () => Promise.resolve(norteFrio.id),
    ...part,
  }
}

export function fakeApp(
  part: { auth?: AuthPort; teams?: WorkspacePort; device?: Partial<App['device']> } = {},
): App {
  const teams = part.teams ?? fakeTeams()
  const [no] = createSignal(false)
  return {
    session: createSession({ auth: part.auth ?? fakeAuth(), workspaces: teams }),
    teams,
    device: {
      storage: () => Promise.resolve(undefined),
      documents: () => Promise.resolve(undefined),
      persisted: () => Promise.resolve(undefined),
      persist: () => Promise.resolve(false),
      erase: () => Promise.resolve(),
      save: () => undefined,
      copy: () => Promise.resolve(true),
      ...part.device,
    },
    installation: {
      installed: no,
      offer: () => 'no',
      install: () => Promise.resolve(),
      updateReady: no,
      update: () => undefined,
      postpone: () => undefined,
      offlineReady: no,
    },
    about: { version: '0.0.0', builtAt: 0, server: 'http://localhost' },
    openWorkspace: () => {
      throw new Error('This test opens no workspace.')
    },
  }
}

/** The screen at an address, and where it leads to. */
export function AtAddress(props: {
  at?: string
  app: App
  workspace?: OpenWorkspace
  onLeave?: (path: string) => void
  children: () => JSX.Element
}): JSX.Element {
  const history = createMemoryHistory()
  // oxlint-disable-next-line solid/reactivity -- a test's address does not change
  history.set({ value: props.at ?? '/here' })
  // oxlint-disable-next-line solid/reactivity -- read when the router calls it
  history.listen((path) => props.onLeave?.(path))
  return (
    <AppContext.Provider value={props.app}>
      <WorkspaceContext.Provider value={props.workspace}>
        <MemoryRouter history={history}>
          <Route path="*" component={() => props.children()} />
        </MemoryRouter>
      </WorkspaceContext.Provider>
    </AppContext.Provider>
  )
}
