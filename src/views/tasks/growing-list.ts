import { type Accessor, createMemo, createSignal, onCleanup } from 'solid-js'

// A little more than the tallest screen shows of a column.
const FIRST = 18
const STEP = 20

/** The head of a long list at once and the rest a little at a time, so that drawing hundreds of cards never makes a
 *  key or a tap wait: neither when the board opens nor when a filter goes that had hidden most of it. */
export function createGrowingList(all: Accessor<readonly string[]>): Accessor<readonly string[]> {
  const [turn, setTurn] = createSignal(0)
  let timer: ReturnType<typeof setTimeout> | undefined
  const grow = () => {
    timer = undefined
    setTurn((now) => now + 1)
  }
  onCleanup(() => clearTimeout(timer))
  return createMemo<readonly string[]>((drawn) => {
    turn()
    const list = all()
    const limit = Math.max(FIRST, drawn.length + STEP)
    if (list.length <= limit) return list
    timer ??= setTimeout(grow, 16)
    return list.slice(0, limit)
  }, [])
}
