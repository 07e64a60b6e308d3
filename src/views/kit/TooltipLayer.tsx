import { createSignal, onCleanup, onMount, Show, type JSX } from 'solid-js'
import { Portal } from 'solid-js/web'
import { Kbd } from './Kbd.tsx'

type Shown = { text: string; keys: string | undefined; beside: boolean; box: DOMRect }

const WAIT_MS = 500
const GAP = 6

/** One tooltip for the whole app: it follows `data-tip` under the pointer or the keyboard's focus. A touch shows none. */
export function TooltipLayer(): JSX.Element {
  const [shown, setShown] = createSignal<Shown>()
  let owner: Element | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let tip: HTMLDivElement | undefined

  const hide = () => {
    clearTimeout(timer)
    owner = undefined
    setShown(undefined)
  }
  const show = (element: HTMLElement, wait: number) => {
    if (owner === element) return
    hide()
    const text = element.dataset['tip']
    if (text === undefined || element.getAttribute('aria-expanded') === 'true') return
    owner = element
    timer = setTimeout(() => {
      if (!element.isConnected) return
      setShown({
        text,
        keys: element.dataset['tipKeys'],
        beside: element.dataset['tipAt'] === 'end',
        box: element.getBoundingClientRect(),
      })
      place()
    }, wait)
  }
  const place = () => {
    const at = shown()
    if (tip === undefined || at === undefined) return
    const size = tip.getBoundingClientRect()
    const below = at.box.bottom + GAP + size.height < innerHeight
    if (at.beside) {
      tip.style.translate = `${Math.round(at.box.right + GAP)}px ${Math.round(at.box.top + (at.box.height - size.height) / 2)}px`
      return
    }
    const left = at.box.left + at.box.width / 2 - size.width / 2
    const x = Math.round(Math.min(Math.max(8, left), innerWidth - size.width - 8))
    const y = Math.round(below ? at.box.bottom + GAP : at.box.top - GAP - size.height)
    tip.style.translate = `${x}px ${y}px`
  }
  const tipped = (event: Event) =>
    event.target instanceof Element ? event.target.closest<HTMLElement>('[data-tip]') : null

  onMount(() => {
    const over = (event: PointerEvent) => {
      if (event.pointerType === 'touch') return
      const element = tipped(event)
      if (element) show(element, WAIT_MS)
      else hide()
    }
    const focus = (event: FocusEvent) => {
      const element = tipped(event)
      if (element?.matches(':focus-visible') === true) show(element, WAIT_MS)
    }
    const ends = ['pointerdown', 'focusout', 'scroll', 'keydown'] as const
    document.addEventListener('pointerover', over)
    document.addEventListener('focusin', focus)
    for (const name of ends) document.addEventListener(name, hide, true)
    onCleanup(() => {
      hide()
      document.removeEventListener('pointerover', over)
      document.removeEventListener('focusin', focus)
      for (const name of ends) document.removeEventListener(name, hide, true)
    })
  })

  return (
    <Show when={shown()}>
      {(at) => (
        <Portal>
          {/* Silent: what it says is the name of its owner, which a screen reader has said already. */}
          <div class="tip" aria-hidden="true" ref={(element) => (tip = element)}>
            {at().text}
            <Show when={at().keys}>{(keys) => <Kbd keys={keys()} />}</Show>
          </div>
        </Portal>
      )}
    </Show>
  )
}
