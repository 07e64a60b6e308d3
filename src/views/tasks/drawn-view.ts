import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js'
import type { TaskView } from '../../domain/tasks/view-query.ts'
import type { TasksScreen } from './screen-state.ts'

/** The view that is drawn. The switch answers at once; hundreds of cards follow after it was painted, so that neither
 *  the key nor the tap waits for them. */
export function createDrawnView(screen: TasksScreen): Accessor<TaskView['view']> {
  const [drawn, setDrawn] = createSignal(screen.view().view)
  let timer: ReturnType<typeof setTimeout> | undefined
  let frame = 0
  const cancel = () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
  onCleanup(cancel)
  createEffect(
    on(
      () => screen.view().view,
      (view) => {
        cancel()
        frame = requestAnimationFrame(() => (timer = setTimeout(() => setDrawn(view))))
      },
      { defer: true },
    ),
  )
  return drawn
}
