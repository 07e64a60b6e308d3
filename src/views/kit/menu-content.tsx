import { DropdownMenu } from '@kobalte/core/dropdown-menu'
import { For, Match, onMount, Show, Switch, type JSX } from 'solid-js'
import { Icon } from './Icon.tsx'
import { Kbd } from './Kbd.tsx'
import type { MenuEntry, MenuItem, MenuPlacement } from './menu-entries.ts'

/** Mounted open, unmounted closed: the owner says when. Focus goes back to the anchor. */
export default function MenuContent(props: {
  label: string
  entries: readonly MenuEntry[]
  placement: MenuPlacement
  anchor: () => HTMLElement | undefined
  /** The first entry is marked at once, so that Enter and the arrows have where to begin. */
  byKeyboard: boolean
  onClose: () => void
}): JSX.Element {
  let content: HTMLElement | undefined
  onMount(() => {
    // After the menu has taken the focus itself, which it does in a timer.
    if (props.byKeyboard)
      setTimeout(() =>
        content?.querySelector<HTMLElement>('[role^="menuitem"]:not([data-disabled])')?.focus(),
      )
  })
  return (
    <DropdownMenu
      open
      // The rest of the page stays readable; only the focus is in here.
      modal={false}
      onOpenChange={(open) => {
        if (!open) props.onClose()
      }}
      getAnchorRect={() => props.anchor()?.getBoundingClientRect()}
      placement={props.placement}
      gutter={4}
      overflowPadding={8}
    >
      <DropdownMenu.Portal>
        {/* Stands outside of every landmark of the page, so it is one of its own while it is open. */}
        <section aria-label={props.label}>
          <DropdownMenu.Content
            ref={(element) => (content = element)}
            class="menu"
            aria-label={props.label}
            // The press that closes it must not count twice when it falls on the button that opened it.
            onPointerDownOutside={(event) => {
              const target = event.target
              if (target instanceof Node && props.anchor()?.contains(target) === true) event.preventDefault()
            }}
            onCloseAutoFocus={(event) => {
              event.preventDefault()
              props.anchor()?.focus()
            }}
          >
            <For each={props.entries}>
              {(entry) => (
                <Switch>
                  <Match when={entry.kind === 'separator'}>
                    <DropdownMenu.Separator />
                  </Match>
                  <Match when={entry.kind === 'heading' && entry}>
                    {(heading) => <h3 role="presentation">{heading().label}</h3>}
                  </Match>
                  <Match when={entry.kind !== 'separator' && entry.kind !== 'heading' && entry}>
                    {(item) => <Entry item={item()} />}
                  </Match>
                </Switch>
              )}
            </For>
          </DropdownMenu.Content>
        </section>
      </DropdownMenu.Portal>
    </DropdownMenu>
  )
}

function Entry(props: { item: MenuItem }): JSX.Element {
  const words = () => (
    <>
      <Show
        when={props.item.before}
        fallback={<Show when={props.item.icon}>{(icon) => <Icon name={icon()} />}</Show>}
      >
        {props.item.before}
      </Show>
      <span class="clip">{props.item.label}</span>
      <Show when={props.item.end}>{(end) => <span class="end f1 faint">{end()}</span>}</Show>
      <Show when={props.item.keys}>{(keys) => <Kbd keys={keys()} />}</Show>
      <Show when={props.item.checked}>
        <Icon name="check" class="mark-on" />
      </Show>
    </>
  )
  return (
    <Show
      when={props.item.checked !== undefined}
      fallback={
        <DropdownMenu.Item
          data-tone={props.item.tone}
          disabled={props.item.disabled === true}
          onSelect={() => props.item.run()}
        >
          {words()}
        </DropdownMenu.Item>
      }
    >
      <DropdownMenu.CheckboxItem
        checked={props.item.checked === true}
        disabled={props.item.disabled === true}
        closeOnSelect={props.item.keepOpen !== true}
        onChange={() => props.item.run()}
      >
        {words()}
      </DropdownMenu.CheckboxItem>
    </Show>
  )
}
