// Dragging cards, by pointer events alone. Native drag and drop is not used: on touch screens browsers start it only
// sometimes, take it back at a whim, and give no way to scroll a column meanwhile. A mouse drags after six pixels, a
// finger after it has rested for a third of a second (before that it scrolls). Escape, a second finger or the
// browser taking the pointer away cancels. Everything that dragging can do is also in "Move to…" and on the keyboard.

import { makeDragGhost } from './drag-ghost.ts'
import { scrollNearEdges } from './drag-scroll.ts'
import { dropAt } from './drop-target.ts'
import type { Drop, TaskDragOptions } from './task-drag.ts'

interface Press {
  readonly pointer: number
  readonly card: HTMLElement
  readonly x: number
  readonly y: number
  readonly timer: ReturnType<typeof setTimeout> | null
}

const MOUSE_START = 6
const TOUCH_DELAY = 330
const TOUCH_SLOP = 10

interface DragSignals {
  dragged(): readonly string[]
  drop(): Drop | null
  setDragged(ids: readonly string[]): void
  setDrop(next: Drop | null | ((before: Drop | null) => Drop | null)): void
  setHeight(height: number): void
}

/** Listens until what it answers is called. */
export function listenForDrags(container: HTMLElement, options: TaskDragOptions & DragSignals): () => void {
  const { dragged, drop, setDragged, setDrop, setHeight } = options
  let press: Press | null = null
  let ghost: ReturnType<typeof makeDragGhost> | null = null
  let frame = 0
  let at = { x: 0, y: 0 }

  const active = () => dragged().length > 0

  const follow = () => {
    frame = 0
    if (!active()) return
    ghost?.move(at.x, at.y)
    setDrop((before) => sameDrop(before, dropAt(at.x, at.y, dragged())))
    if (scrollNearEdges(container, at.x, at.y)) frame = requestAnimationFrame(follow)
  }
  const schedule = () => {
    frame ||= requestAnimationFrame(follow)
  }

  const start = (from: Press) => {
    const id = from.card.dataset['task'] ?? ''
    const ids = options.taken(id)
    ghost = makeDragGhost(from.card, from.x, from.y, ids.length)
    press = from
    setHeight(from.card.offsetHeight)
    setDragged(ids)
    for (const one of ids) markDragged(container, one, true)
    options.onStart(ids)
    schedule()
  }

  const finish = (dropped: boolean) => {
    const ids = dragged()
    const target = drop()
    const rested = dropped && press?.timer && Math.hypot(at.x - press.x, at.y - press.y) <= TOUCH_SLOP
    const id = press?.card.dataset['task'] ?? ''
    cancelPress()
    if (ids.length === 0) return
    cancelAnimationFrame(frame)
    frame = 0
    ghost?.remove()
    ghost = null
    for (const id of ids) markDragged(container, id, false)
    setDrop(null)
    setDragged([])
    options.onEnd()
    if (rested) options.onRest(id)
    else if (dropped && target) options.onDrop(ids, target)
    swallowClick()
  }

  const cancelPress = () => {
    if (press?.timer) clearTimeout(press.timer)
    press = null
  }

  const onDown = (event: PointerEvent) => {
    if (press && event.pointerId !== press.pointer) return finish(false)
    const card = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-task]') : null
    if (!card || event.button !== 0 || !options.enabled()) return
    if (event.target instanceof Element && event.target.closest('input, button')) return
    at = { x: event.clientX, y: event.clientY }
    const begun = { pointer: event.pointerId, card, x: event.clientX, y: event.clientY }
    const touch = event.pointerType !== 'mouse'
    const timer = touch ? setTimeout(() => press && start(press), TOUCH_DELAY) : null
    press = { ...begun, timer }
  }
  const onMove = (event: PointerEvent) => {
    if (!press || event.pointerId !== press.pointer) return
    at = { x: event.clientX, y: event.clientY }
    if (active()) return schedule()
    const distance = Math.hypot(at.x - press.x, at.y - press.y)
    if (press.timer ? distance > TOUCH_SLOP : distance > MOUSE_START) {
      if (press.timer) cancelPress()
      else start(press)
    }
  }
  const onUp = (event: PointerEvent) => {
    if (press && event.pointerId === press.pointer) finish(true)
  }
  const onLost = () => finish(false)
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !active()) return
    event.preventDefault()
    event.stopPropagation()
    finish(false)
  }
  // Once a finger drags, its moves must not scroll; only a listener that is not passive may say so.
  const onTouchMove = (event: TouchEvent) => {
    if (active() && event.cancelable) event.preventDefault()
  }
  const onMenu = (event: Event) => {
    if (press?.timer || (press && active())) event.preventDefault()
  }
  const onNativeDrag = (event: Event) => event.preventDefault()

  container.addEventListener('pointerdown', onDown)
  container.addEventListener('touchmove', onTouchMove, { passive: false })
  container.addEventListener('contextmenu', onMenu)
  container.addEventListener('dragstart', onNativeDrag)
  window.addEventListener('pointermove', onMove)
  window.addEventListener('pointerup', onUp)
  window.addEventListener('pointercancel', onLost)
  window.addEventListener('blur', onLost)
  window.addEventListener('keydown', onKey, true)
  return () => {
    finish(false)
    window.removeEventListener('pointermove', onMove)
    window.removeEventListener('pointerup', onUp)
    window.removeEventListener('pointercancel', onLost)
    window.removeEventListener('blur', onLost)
    window.removeEventListener('keydown', onKey, true)
  }
}

function markDragged(container: HTMLElement, id: string, on: boolean): void {
  container.querySelector(`[data-task="${CSS.escape(id)}"]`)?.toggleAttribute('data-dragged', on)
}

function sameDrop(before: Drop | null, now: Drop | null): Drop | null {
  return JSON.stringify(before) === JSON.stringify(now) ? before : now
}

/** The click that ends a drag is no click. */
function swallowClick(): void {
  const swallow = (event: Event) => {
    event.preventDefault()
    event.stopPropagation()
  }
  window.addEventListener('click', swallow, { capture: true, once: true })
  setTimeout(() => window.removeEventListener('click', swallow, { capture: true }), 0)
}
