import { createContext, useContext } from 'solid-js'
import type { Workspace } from '../../stores/session/session.ts'
import type { Room } from '../addresses.ts'

/** What any screen may ask of the frame around it. */
export interface Shell {
  goTo(room: Room | 'settings'): void
  switchTo(workspace: Workspace): void
  askNewWorkspace(): void
  askSignOut(): void
  signIn(): void
}

export const ShellContext = createContext<Shell>()

export function useShell(): Shell {
  const shell = useContext(ShellContext)
  if (shell === undefined) throw new Error('No shell here: this screen stands outside of a workspace.')
  return shell
}
