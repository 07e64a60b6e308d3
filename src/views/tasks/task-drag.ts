import { type Accessor, createSignal, onCleanup } from 'solid-js'
import type { TaskStatus } from '../../domain/collections/tasks.ts'
import type { TaskPlace } from '../../stores/tasks/task-commands.ts'

export interface Drop {
  readonly status: TaskStatus
  readonly place: TaskPlace
}

export interface TaskDrag {
  readonly dragged: Accessor<readonly string[]>
  readonly drop: Accessor<Drop | null>
  /** How high the taken card is: the slot that waits for it is as high. */
  readonly height: Accessor<number>
  /** The element whose `[data-task]` children can be dragged. */
  attach(container: HTMLElement): void
}

export interface TaskDragOptions {
  enabled: () => boolean
  /** The tasks that move when this one is taken: itself, or the selection it belongs to. */
  taken: (id: string) => readonly string[]
  onStart: (ids: readonly string[]) => void
  onDrop: (ids: readonly string[], drop: Drop) => void
  /** A finger rested on a card and was lifted where it was. */
  onRest: (id: string) => void
  onEnd: () => void
}

/** What is dragged, for whoever draws it. The gesture is a script of its own: nothing can be taken before it is drawn. */
export function createTaskDrag(options: TaskDragOptions): TaskDrag {
  const [dragged, setDragged] = createSignal<readonly string[]>([])
  const [drop, setDrop] = createSignal<Drop | null>(null)
  const [height, setHeight] = createSignal(0)
  return {
    dragged,
    drop,
    height,
    attach(element) {
      let detach = () => {}
      let left = false
      const listen = async () => {
        const { listenForDrags } = await import('./drag-gesture.ts')
        const signals = { dragged, drop, setDragged, setDrop, setHeight }
        if (!left) detach = listenForDrags(element, { ...options, ...signals })
      }
      // Behind the frame in which the cards are drawn. Where it does not come, cards move by menu and by keyboard.
      const timer = setTimeout(() => void listen().catch(() => undefined), 0)
      onCleanup(() => {
        left = true
        clearTimeout(timer)
        detach()
      })
    },
  }
}
