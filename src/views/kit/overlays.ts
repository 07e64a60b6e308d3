import { lazy } from 'solid-js'

const menu = () => import('./menu-content.tsx')
const dialog = () => import('./dialog-content.tsx')
const popover = () => import('./popover-content.tsx')

/** What opens over the screen loads when first opened; nothing of it stands before the first paint. */
export const MenuContent = lazy(menu)
export const DialogContent = lazy(dialog)
export const PopoverContent = lazy(popover)

/** Fetches them in a quiet moment after the first paint, so that the first opening is as quick as the tenth. */
export async function warmOverlays(): Promise<void> {
  await Promise.all([menu(), dialog(), popover()])
}
