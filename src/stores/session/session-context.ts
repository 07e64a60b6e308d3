import { createContext, useContext } from 'solid-js'
import type { WorkspacePort } from './ports.ts'
import type { Session } from './session.ts'

/** What the screens outside and inside of a workspace know of accounts and teams. */
export interface Accounts {
  readonly session: Session
  readonly workspaces: WorkspacePort
}

export const AccountsContext = createContext<Accounts>()

export function useAccounts(): Accounts {
  const accounts = useContext(AccountsContext)
  if (accounts === undefined)
    throw new Error('No session here: the composition root gives it to the whole app.')
  return accounts
}
