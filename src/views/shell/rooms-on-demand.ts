import { lazy } from 'solid-js'
import { withWords } from '../i18n/language.ts'
import { warmOverlays } from '../kit/overlays.ts'

/** What the frame opens on demand. None of it stands before the first paint, all of it is fetched soon after. */
export const SyncPanel = lazy(() => withWords(import('./SyncPanel.tsx')))
export const NewWorkspaceDialog = lazy(() => withWords(import('./NewWorkspaceDialog.tsx')))
export const SignOutDialog = lazy(() => withWords(import('./SignOutDialog.tsx')))
export const Palette = lazy(() => withWords(import('../commands/Palette.tsx')))
export const ShortcutHelp = lazy(() => withWords(import('../commands/ShortcutHelp.tsx')))

/** So that the panel that explains "offline" opens even when the network leaves before the app is stored here. */
export async function warmRooms(): Promise<void> {
  const rooms = [SyncPanel, Palette, ShortcutHelp, SignOutDialog, NewWorkspaceDialog]
  await Promise.all([warmOverlays(), ...rooms.map((room) => room.preload())])
}
