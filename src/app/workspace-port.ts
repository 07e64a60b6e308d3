import { array, nullable, number, object, parse, picklist, pipe, string, transform } from 'valibot'
import { ServerRefusal, type WorkspacePort } from '../stores/session/ports.ts'
import { refusalOf } from './server-refusal.ts'
import { supabase } from './supabase.ts'

const role = picklist(['owner', 'admin', 'agent', 'viewer'])
const instant = pipe(
  string(),
  transform((text) => Date.parse(text)),
  number(),
)
const workspaces = array(object({ id: string(), name: string(), slug: string(), role }))
const memberships = array(object({ user_id: string(), role }))
const profiles = array(object({ user_id: string(), display_name: string() }))
const invitations = array(object({ id: string(), role, email: nullable(string()), expires_at: instant }))
const made = object({ id: string(), token: string(), expires_at: instant })
const described = object({
  state: picklist(['open', 'expired', 'revoked', 'accepted', 'invalid']),
  workspace_name: nullable(string()),
  role: nullable(role),
  inviter: nullable(string()),
})
const accepted = object({ workspace_id: string() })

type Answer = { data: unknown; error: Parameters<typeof refusalOf>[0] | null }

/** Throws the server's no; what it says otherwise is read by a schema, since another version may answer. */
async function answer(call: PromiseLike<Answer>): Promise<unknown> {
  const { data, error } = await call
  if (error !== null) throw refusalOf(error)
  return data
}

export const workspacePort: WorkspacePort = {
  async mine() {
    return parse(workspaces, await answer(supabase.rpc('my_workspaces')))
  },
  async create(name) {
    return parse(string(), await answer(supabase.rpc('create_workspace', { name })))
  },
  async team(workspaceId) {
    const rows = parse(
      memberships,
      await answer(supabase.from('memberships').select('user_id, role').eq('workspace_id', workspaceId)),
    )
    const people = parse(
      profiles,
      await answer(
        supabase
          .from('profiles')
          .select('user_id, display_name')
          .in(
            'user_id',
            rows.map((row) => row.user_id),
          ),
      ),
    )
    const names = new Map(people.map((person) => [person.user_id, person.display_name]))
    return rows
      .map((row) => ({ id: row.user_id, role: row.role, name: names.get(row.user_id) ?? '' }))
      .sort((a, b) => a.name.localeCompare(b.name))
  },
  async setRole(workspace, member, newRole) {
    await answer(supabase.rpc('set_member_role', { workspace, member, role: newRole }))
  },
  async remove(workspace, member) {
    await answer(supabase.rpc('remove_member', { workspace, member }))
  },
  async invitations(workspaceId) {
    const rows = await answer(
      supabase
        .from('invitations')
        .select('id, role, email, expires_at')
        .eq('workspace_id', workspaceId)
        .is('accepted_at', null)
        .is('revoked_at', null)
        .gt('expires_at', new Date().toISOString())
        .order('expires_at'),
    )
    return parse(invitations, rows).map(({ id, role: as, email, expires_at }) => ({
      id,
      role: as,
      email,
      expiresAt: expires_at,
    }))
  },
  async invite(workspace, asRole) {
    const { expires_at, ...invitation } = parse(
      made,
      await answer(supabase.rpc('create_invitation', { workspace, role: asRole })),
    )
    return { ...invitation, expiresAt: expires_at }
  },
  async revoke(id) {
    await answer(supabase.rpc('revoke_invitation', { id }))
  },
  async describe(token) {
    const found = parse(described, await answer(supabase.rpc('describe_invitation', { token })))
    if (found.workspace_name === null || found.role === null) {
      throw new ServerRefusal('invitation_invalid', 'This invitation link is not valid.')
    }
    return {
      state: found.state,
      workspaceName: found.workspace_name,
      role: found.role,
      inviter: found.inviter ?? found.workspace_name,
    }
  },
  async accept(token) {
    return parse(accepted, await answer(supabase.rpc('accept_invitation', { token }))).workspace_id
  },
}
