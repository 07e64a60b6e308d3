import { createSignal } from 'solid-js'

/** The sync panel opens from the waterline, from the palette and from Settings. */
export const [syncPanelOpen, setSyncPanelOpen] = createSignal(false)
