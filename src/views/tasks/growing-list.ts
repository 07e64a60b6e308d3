import { type Accessor, createMemo, createSignal, onCleanup } from 'solid-js'

// A little more than the tallest screen shows of a column.
const FIRST = 18
const STEP = 20

/** The head of a long list at once and the rest a little at a time, so that drawing hundreds of cards never makes a
 *  key or a tap wait. */
export function createGrowingList(all: Accessor<readonly string[]>): Accessor<readonly string[]> {
  const [limit, setLimit] = createSignal(FIRST)
  let timer: ReturnType<typeof setTimeout> | undefined
  const grow = () => {
    setLimit((now) => now + STEP)
    timer = limit() < all().length ? setTimeout(grow, 16) : undefined
  }
  onCleanup(() => clearTimeout(timer))
  return createMemo(() => {
    const list = all()
    if (list.length <= limit()) return list
    timer ??= setTimeout(grow, 16)
    return list.slice(0, limit())
  })
}
