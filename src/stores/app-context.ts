import { createContext, useContext, type Accessor } from 'solid-js'
import type { WorkspacePort } from './session/ports.ts'
import type { Session, Workspace } from './session/session.ts'
import type { OpenWorkspace } from './workspace-context.ts'

/** What this browser says of itself. Every call works without a network. */
export interface Device {
  /** Bytes used and allowed; undefined where the browser does not say. */
  storage(): Promise<{ used: number; quota: number } | undefined>
  /** How many documents of this person are on the device; undefined where the browser does not say. */
  documents(personId: string): Promise<number | undefined>
  persisted(): Promise<boolean | undefined>
  /** Asks the browser to keep the data when space is low. */
  persist(): Promise<boolean>
  /** Removes this person's documents from the device. */
  erase(personId: string): Promise<void>
  /** Hands the person a file. */
  save(name: string, type: string, text: string): void
  copy(text: string): Promise<boolean>
}

/** The installed form of the app and its next version. */
export interface Installation {
  readonly installed: Accessor<boolean>
  /** `prompt`: the browser offers it; `ios`: by hand, in words; `no`: neither. */
  readonly offer: Accessor<'prompt' | 'ios' | 'no'>
  install(): Promise<void>
  /** A newer version waits for a reload. */
  readonly updateReady: Accessor<boolean>
  /** Reloads every tab of the app into it, each when nobody types there. */
  update(): void
  postpone(): void
  /** Turns true once, when all of the app is stored on this device for the first time. */
  readonly offlineReady: Accessor<boolean>
}

/** What the composition root gives to every screen. */
export interface App {
  readonly session: Session
  readonly teams: WorkspacePort
  readonly device: Device
  readonly installation: Installation
  readonly about: { readonly version: string; readonly builtAt: number; readonly server: string }
  /** Closed again with the owner that opened it. */
  openWorkspace(workspace: Workspace): OpenWorkspace
}

export const AppContext = createContext<App>()

export function useApp(): App {
  const app = useContext(AppContext)
  if (app === undefined) throw new Error('No app here: the composition root gives it to every screen.')
  return app
}
