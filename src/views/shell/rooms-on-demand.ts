import { lazy } from 'solid-js'
import { warmOverlays } from '../kit/overlays.ts'

/** What the frame opens on demand. None of it stands before the first paint, all of it is fetched soon after. */
export const SyncPanel = lazy(() => import('./SyncPanel.tsx'))
export const NewWorkspaceDialog = lazy(() => import('./NewWorkspaceDialog.tsx'))
export const SignOutDialog = lazy(() => import('./SignOutDialog.tsx'))
export const Palette = lazy(() => import('../commands/Palette.tsx'))
export const ShortcutHelp = lazy(() => import('../commands/ShortcutHelp.tsx'))

/** So that the panel that explains "offline" opens even when the network leaves before the app is stored here. */
export async function warmRooms(): Promise<void> {
  const rooms = [SyncPanel, Palette, ShortcutHelp, SignOutDialog, NewWorkspaceDialog]
  await Promise.all([warmOverlays(), ...rooms.map((room) => room.preload())])
}
