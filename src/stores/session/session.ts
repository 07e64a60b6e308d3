import { createSignal, onCleanup, type Accessor } from 'solid-js'
import type { AuthPort, WorkspacePort } from './ports.ts'
import { recallSession, rememberSession, type SavedSession } from './saved-session.ts'

export type Person = SavedSession['person']
export type Workspace = SavedSession['workspaces'][number]
export type Role = Workspace['role']

export interface Session {
  readonly person: Accessor<Person | undefined>
  readonly workspaces: Accessor<readonly Workspace[]>
  readonly signedIn: Accessor<boolean>
  readonly access: Accessor<SavedSession['access']>
  /** By slug or id, as it stands in the address. */
  find(slugOrId: string): Workspace | undefined
  /** Where to open: the last one here, or the first. */
  home(): Workspace | undefined
  visit(workspace: Workspace): void
  signIn(email: string, password: string): Promise<void>
  /** `team` makes a workspace right after; left out when an invitation waits. */
  signUp(account: { name: string; email: string; password: string; team?: string }): Promise<'in' | 'confirm'>
  createWorkspace(name: string): Promise<Workspace>
  acceptInvitation(token: string): Promise<Workspace>
  rename(name: string): Promise<void>
  /**
   * After the first paint: compares what is saved with the session that this device holds (an e-mail link may have
   * brought one, another tab may have ended it) and asks for the workspaces. Without an answer what is saved stands.
   */
  resume(): Promise<void>
  /** Another tab signed in, signed out or made a workspace: what it saved stands here too. */
  reread(): void
  /** `keep`: the person and the workspaces stay known here and open without signing in. */
  signOut(keep: boolean): Promise<void>
}

export function createSession(ports: { auth: AuthPort; workspaces: WorkspacePort }): Session {
  const [saved, setSaved] = createSignal(recallSession())
  const save = (next: SavedSession | undefined) => {
    setSaved(next)
    rememberSession(next)
  }
  /** `of`: whom it concerns, for what a server answered. Another tab may have signed in somebody else meanwhile. */
  const change = (part: Partial<SavedSession>, of = saved()?.person.id) => {
    const now = saved()
    if (now?.person.id === of && now !== undefined) save({ ...now, ...part })
  }
  const workspaces = () => saved()?.workspaces ?? []
  const find = (slugOrId: string) => workspaces().find((one) => one.id === slugOrId || one.slug === slugOrId)

  const enter = async (person: Person) => {
    const before = saved()
    // Another person on this device: their workspaces come from the server, not from the one before.
    const known = before?.person.id === person.id ? before.workspaces : []
    const list = await ports.workspaces.mine().catch(() => known)
    save({ person, workspaces: list, workspaceId: before?.workspaceId ?? null, access: 'in' })
  }
  const refresh = async () => {
    const of = saved()?.person.id
    change({ workspaces: await ports.workspaces.mine() }, of)
  }
  const join = async (workspaceId: string): Promise<Workspace> => {
    await refresh()
    const joined = find(workspaceId)
    if (joined === undefined)
      throw new Error(`Workspace ${workspaceId} was joined but is not in the list yet.`)
    change({ workspaceId })
    return joined
  }

  onCleanup(ports.auth.onRefused(() => change({ access: 'expired' })))

  return {
    person: () => saved()?.person,
    workspaces,
    signedIn: () => saved()?.access === 'in',
    access: () => saved()?.access ?? 'left',
    find,
    home: () => find(saved()?.workspaceId ?? '') ?? workspaces()[0],
    visit(workspace) {
      if (saved()?.workspaceId !== workspace.id) change({ workspaceId: workspace.id })
    },
    async signIn(email, password) {
      await enter(await ports.auth.signIn(email, password))
    },
    async signUp({ team, ...account }) {
      const person = await ports.auth.signUp(account)
      if (person === 'confirm') return 'confirm'
      // The account stands by now: without its workspace the person is in, and is asked for one again.
      const workspaceId = team === undefined ? null : await ports.workspaces.create(team).catch(() => null)
      await enter(person)
      change({ workspaceId })
      return 'in'
    },
    async createWorkspace(name) {
      return await join(await ports.workspaces.create(name))
    },
    async acceptInvitation(token) {
      return await join(await ports.workspaces.accept(token))
    },
    async rename(name) {
      const now = saved()
      if (now === undefined) return
      await ports.auth.rename(now.person, name)
      change({ person: { ...now.person, name } }, now.person.id)
    },
    async resume() {
      const person = await ports.auth.current().catch(() => 'unknown' as const)
      if (person === 'unknown') return
      if (person === 'nobody') {
        if (saved()?.access === 'in') change({ access: 'expired' })
      } else if (saved()?.person.id === person.id && saved()?.access === 'in')
        await refresh().catch(() => undefined)
      else await enter(person)
    },
    reread: () => void setSaved(recallSession()),
    async signOut(keep) {
      const of = saved()?.person.id
      // Offline, or with the server away, the person is out all the same.
      await ports.auth.signOut().catch(() => undefined)
      if (keep) change({ access: 'left' }, of)
      else if (saved()?.person.id === of) save(undefined)
    },
  }
}
