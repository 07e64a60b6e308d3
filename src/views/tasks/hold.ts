import { type Accessor, createSignal, onCleanup } from 'solid-js'

const STILL_AFTER = 2000

/** Keeps the columns as they are while a pointer is down on them, moves over a card, or drags one, so that nothing
 *  moves away from under it. A pointer that rests, or leaves, lets them catch up; so does one's own command. */
export function createHold(): {
  readonly held: Accessor<boolean>
  /** The pointer acts: hold until `release`. */
  grab(): void
  release(): void
  /** The pointer moves over a card: hold until it has rested. */
  hover(): void
} {
  const [grabbed, setGrabbed] = createSignal(false)
  const [hovering, setHovering] = createSignal(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(timer))
  const settle = () => {
    clearTimeout(timer)
    setHovering(false)
  }
  return {
    held: () => grabbed() || hovering(),
    grab: () => setGrabbed(true),
    release() {
      setGrabbed(false)
      settle()
    },
    hover() {
      setHovering(true)
      clearTimeout(timer)
      timer = setTimeout(settle, STILL_AFTER)
    },
  }
}
