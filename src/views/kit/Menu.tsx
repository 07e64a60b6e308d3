import { createSignal, Show, Suspense, type JSX } from 'solid-js'
import type { MenuEntry, MenuPlacement } from './menu-entries.ts'
import { MenuContent } from './overlays.ts'

/** A button that opens a list of actions. Its content loads on the first opening. */
export function Menu(props: {
  label: string
  trigger: JSX.Element
  /** Class of the button: `btn`, `ib`, `chip`, `ws`. An `ib` takes its name and tooltip from the label. */
  triggerClass?: string
  triggerDisabled?: boolean
  entries: () => readonly MenuEntry[]
  placement?: MenuPlacement
  /** Given: the owner opens it too, with a key for example. */
  open?: boolean
  onOpenChange?: (open: boolean) => void
}): JSX.Element {
  const [ownOpen, setOwnOpen] = createSignal(false)
  const open = () => props.open ?? ownOpen()
  const setOpen = (value: boolean) => {
    setOwnOpen(value)
    props.onOpenChange?.(value)
  }
  let button: HTMLButtonElement | undefined
  let byKeyboard = false
  const alone = () => props.triggerClass === 'ib'
  return (
    <>
      <button
        ref={(element) => (button = element)}
        type="button"
        class={props.triggerClass ?? 'btn'}
        disabled={props.triggerDisabled}
        aria-haspopup="menu"
        aria-expanded={open()}
        aria-label={alone() ? props.label : undefined}
        data-tip={alone() ? props.label : undefined}
        onClick={(event) => {
          // A click that no pointer made counts none.
          byKeyboard = event.detail === 0
          setOpen(!open())
        }}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' || open()) return
          event.preventDefault()
          byKeyboard = true
          setOpen(true)
        }}
      >
        {props.trigger}
      </button>
      <Show when={open()}>
        <Suspense>
          <MenuContent
            label={props.label}
            entries={props.entries()}
            placement={props.placement ?? 'bottom-start'}
            anchor={() => button}
            byKeyboard={byKeyboard}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      </Show>
    </>
  )
}
