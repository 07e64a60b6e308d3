import { Dialog } from '@kobalte/core/dialog'
import { Show, type JSX } from 'solid-js'
import type { DialogProps } from './Dialog.tsx'
import { IconButton } from './IconButton.tsx'

const FIELD = '[autofocus], textarea, input:not([type="checkbox"], [type="radio"])'

export default function DialogContent(props: DialogProps): JSX.Element {
  // Opened by whatever had the focus: a menu entry that is gone by now gives it back to the page instead.
  const opener = document.activeElement
  let content: HTMLElement | undefined
  return (
    <Dialog open onOpenChange={(open) => !open && props.onClose()} preventScroll={false}>
      <Dialog.Portal>
        <Dialog.Overlay class="scrim" />
        <div class="stage">
          <Dialog.Content
            ref={(element) => (content = element)}
            class="dialog"
            data-size={props.size}
            role={props.kind === 'alert' ? 'alertdialog' : 'dialog'}
            onPointerDownOutside={(event) => {
              if (props.kind === 'alert') event.preventDefault()
            }}
            // Whoever is asked for words stands where they are written, not on the cross.
            onOpenAutoFocus={(event) => {
              const field = content?.querySelector<HTMLElement>(FIELD)
              if (field === null || field === undefined) return
              event.preventDefault()
              field.focus()
            }}
            onCloseAutoFocus={(event) => {
              event.preventDefault()
              if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
            }}
          >
            <header>
              <Dialog.Title as="h1">{props.title}</Dialog.Title>
              <Show when={props.closeLabel}>
                {(label) => <IconButton icon="x" label={label()} onClick={() => props.onClose()} />}
              </Show>
            </header>
            <Show when={props.description}>
              <Dialog.Description class="soft">{props.description}</Dialog.Description>
            </Show>
            {props.children}
            <Show when={props.actions}>
              <div class="acts">{props.actions}</div>
            </Show>
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog>
  )
}
