import { createEffect, createSignal, onCleanup, type Accessor } from 'solid-js'

/** The time, moving only while someone needs it to: a clock that always ticks keeps a phone awake. */
export function createNow(stepMs: number, needed: Accessor<boolean>): Accessor<number> {
  const [now, setNow] = createSignal(Date.now())
  createEffect(() => {
    if (!needed()) return
    setNow(Date.now())
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now())
    }, stepMs)
    onCleanup(() => clearInterval(timer))
  })
  return now
}
