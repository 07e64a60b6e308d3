import { Popover } from '@kobalte/core/popover'
import type { JSX } from 'solid-js'
import type { PopoverProps } from './Popover.tsx'

export default function PopoverContent(props: PopoverProps): JSX.Element {
  return (
    <Popover
      open
      onOpenChange={(open) => {
        if (!open) props.onClose()
      }}
      anchorRef={props.anchor}
      placement={props.placement ?? 'bottom-start'}
      gutter={6}
      overflowPadding={8}
    >
      <Popover.Portal>
        <Popover.Content
          class={props.class ?? 'popover'}
          aria-label={props.label}
          // The click that closes it must not count twice when it falls on the thing that opened it.
          onPointerDownOutside={(event) => {
            const target = event.target
            if (target instanceof Node && props.anchor()?.contains(target) === true) event.preventDefault()
          }}
          onFocusOutside={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            props.anchor()?.focus()
          }}
        >
          {props.children}
        </Popover.Content>
      </Popover.Portal>
    </Popover>
  )
}
