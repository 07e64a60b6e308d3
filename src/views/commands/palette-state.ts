import { createSignal } from 'solid-js'

/** Palette and help are rooms of the whole app: whoever wants one asks here; the shell shows it. */
export const [paletteOpen, setPaletteOpen] = createSignal(false)
export const [helpOpen, setHelpOpen] = createSignal(false)
