import { Show, Suspense, type JSX } from 'solid-js'
import { DialogContent } from './overlays.ts'

export type DialogProps = {
  open: boolean
  onClose: () => void
  title: string
  /** One or two sentences that a screen reader reads with the title. */
  description?: JSX.Element
  /** `alert` asks for a decision: a click beside it does not dismiss it. */
  kind?: 'alert'
  size?: 'wide'
  closeLabel?: string
  children?: JSX.Element
  actions?: JSX.Element
}

/** A question or a small task above the screen, which stands still meanwhile. */
export function Dialog(props: DialogProps): JSX.Element {
  return (
    <Show when={props.open}>
      <Suspense>
        <DialogContent {...props} />
      </Suspense>
    </Show>
  )
}
