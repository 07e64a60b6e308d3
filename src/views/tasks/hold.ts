import { type Accessor, createSignal, onCleanup } from 'solid-js'
import { taskStatuses } from '../../domain/collections/tasks.ts'
import type { Hold } from '../../stores/tasks/task-columns.ts'

/** A hand on the mouse rests for seconds before it clicks; a mouse nobody has moved for a minute is left alone, and a
 *  board that stands still for it would only be out of date. */
const LEFT_ALONE_AFTER = 60_000

/** What must not move now: all of the board while a card is dragged, otherwise what lies under the pointer. */
export interface BoardHold extends Hold {
  grab(): void
  release(): void
  /** Follows the pointer over the cards of this element. */
  watch(element: HTMLElement): void
}

export function createHold(stacked: Accessor<boolean>): BoardHold {
  const [grabbed, setGrabbed] = createSignal(false)
  const [under, setUnder] = createSignal<ReturnType<Hold['under']>>(null, {
    equals: (before, now) => before?.id === now?.id && before?.status === now?.status,
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  const leave = () => {
    clearTimeout(timer)
    setUnder(null)
  }
  const over = (event: PointerEvent) => {
    const card = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-task]') : null
    const column = card?.closest<HTMLElement>('[data-status]')?.dataset['status']
    const status = taskStatuses.find((one) => one === column)
    const id = card?.dataset['task']
    if (id === undefined || status === undefined) return leave()
    setUnder({ id, status })
    clearTimeout(timer)
    timer = setTimeout(leave, LEFT_ALONE_AFTER)
  }
  onCleanup(() => clearTimeout(timer))
  return {
    grabbed,
    under,
    stacked,
    grab: () => setGrabbed(true),
    release: () => setGrabbed(false),
    watch(element) {
      let at = ''
      element.addEventListener('pointermove', (event) => {
        // Browsers also send a move when the page moved under a pointer that did not: nobody's hand is there.
        const place = `${event.screenX} ${event.screenY}`
        if (place !== at) over(event)
        at = place
      })
      element.addEventListener('pointerdown', over)
      element.addEventListener('pointerleave', leave)
      // A lifted finger is nowhere.
      const lift = (event: PointerEvent) => event.pointerType === 'touch' && leave()
      element.addEventListener('pointerup', lift)
      element.addEventListener('pointercancel', lift)
      onCleanup(leave)
    },
  }
}
