import { Show, Suspense, type JSX } from 'solid-js'
import type { MenuPlacement } from './menu-entries.ts'
import { PopoverContent } from './overlays.ts'

export type PopoverProps = {
  open: boolean
  onClose: () => void
  label: string
  anchor: () => HTMLElement | undefined
  placement?: MenuPlacement
  class?: string
  children: JSX.Element
}

/** A small room beside what opened it; the rest of the screen stays in use. */
export function Popover(props: PopoverProps): JSX.Element {
  return (
    <Show when={props.open}>
      <Suspense>
        <PopoverContent {...props} />
      </Suspense>
    </Show>
  )
}
