import { ServerRefusal, type AuthPort, type WorkspacePort } from '../stores/session/ports.ts'
import { firstPaint } from './first-paint.ts'
import { authStorageKey } from '../sync/browser/project.ts'
import { makeScript } from './script.ts'
import { authStorage } from './tokens.ts'

/** Everything that needs supabase-js, loaded once, when first needed and never before the first paint. */
const loadCloud = makeScript(() => import('./cloud-ports.ts'))
let loading: ReturnType<typeof loadCloud> | undefined

async function cloud(): ReturnType<typeof loadCloud> {
  loading ??= firstPaint.then(loadCloud)
  try {
    return await loading
  } catch {
    loading = undefined // the chunk did not come; the next call asks again
    throw new ServerRefusal(
      'unreachable',
      'The part of the app that talks to the server could not be loaded.',
    )
  }
}

/** What the engine needs of the server. */
export const loadServer = async (): Promise<typeof import('./server.ts')> => (await cloud()).server

const refusals = new Set<() => void>()
let watching = false

export const auth: AuthPort = {
  current: async () => {
    const { authPort } = await cloud()
    if (!watching) {
      watching = true
      authPort.onRefused(() => refusals.forEach((listener) => listener()))
    }
    return await authPort.current()
  },
  signIn: async (email, password) => (await cloud()).authPort.signIn(email, password),
  signUp: async (account) => (await cloud()).authPort.signUp(account),
  signOut: async () => {
    try {
      await (await cloud()).authPort.signOut()
    } finally {
      // Whatever the server or the network said, this device holds no token any more.
      await authStorage.removeItem(authStorageKey)
    }
  },
  rename: async (person, name) => (await cloud()).authPort.rename(person, name),
  onRefused(listener) {
    refusals.add(listener)
    return () => refusals.delete(listener)
  },
}

export const workspaces: WorkspacePort = {
  mine: async () => (await cloud()).workspacePort.mine(),
  create: async (name) => (await cloud()).workspacePort.create(name),
  team: async (id) => (await cloud()).workspacePort.team(id),
  setRole: async (id, member, role) => (await cloud()).workspacePort.setRole(id, member, role),
  remove: async (id, member) => (await cloud()).workspacePort.remove(id, member),
  invitations: async (id) => (await cloud()).workspacePort.invitations(id),
  invite: async (id, role) => (await cloud()).workspacePort.invite(id, role),
  revoke: async (id) => (await cloud()).workspacePort.revoke(id),
  describe: async (token) => (await cloud()).workspacePort.describe(token),
  accept: async (token) => (await cloud()).workspacePort.accept(token),
}
