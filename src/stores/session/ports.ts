import type { Person, Role, Workspace } from './session.ts'

/** A call to the server that was answered with no, or not at all (`unreachable`). The code chooses the words. */
export class ServerRefusal extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'ServerRefusal'
    this.code = code
  }
}

/** Every call rejects with `ServerRefusal` and with nothing else. */
export interface AuthPort {
  /** Whose session this device holds. `unknown`: it could not be renewed now, which says nothing about it. */
  current(): Promise<Person | 'nobody' | 'unknown'>
  signIn(email: string, password: string): Promise<Person>
  /** `confirm`: the server wants the e-mail confirmed before the first sign-in. */
  signUp(account: { name: string; email: string; password: string }): Promise<Person | 'confirm'>
  /** Ends the session here, also without a network; never rejects. */
  signOut(): Promise<void>
  rename(person: Person, name: string): Promise<void>
  /** The server has definitely refused the session (never: the network was away), or another tab signed out. */
  onRefused(listener: () => void): () => void
}

type InvitationState = 'open' | 'expired' | 'revoked' | 'accepted' | 'invalid'

export interface DescribedInvitation {
  readonly state: InvitationState
  readonly workspaceName: string
  readonly role: Role
  readonly inviter: string
}

interface OpenInvitation {
  readonly id: string
  readonly role: Role
  readonly email: string | null
  readonly expiresAt: number
}

export interface TeamMember {
  readonly id: string
  readonly name: string
  readonly role: Role
}

/** Every call rejects with `ServerRefusal` and with nothing else. */
export interface WorkspacePort {
  mine(): Promise<Workspace[]>
  create(name: string): Promise<string>
  team(workspaceId: string): Promise<TeamMember[]>
  setRole(workspaceId: string, memberId: string, role: Role): Promise<void>
  remove(workspaceId: string, memberId: string): Promise<void>
  invitations(workspaceId: string): Promise<OpenInvitation[]>
  invite(workspaceId: string, role: Role): Promise<{ id: string; token: string; expiresAt: number }>
  revoke(invitationId: string): Promise<void>
  describe(token: string): Promise<DescribedInvitation>
  accept(token: string): Promise<string>
}
