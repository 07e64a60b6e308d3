import { type Accessor, createSignal } from 'solid-js'
import type { TaskStep } from './task-steps.ts'

/** What a command did, in terms that a screen can put into words. */
export interface TaskDeed {
  readonly kind: 'add' | 'set' | 'move' | 'remove' | 'restore' | 'attach' | 'detach' | 'reattach'
  readonly ids: readonly string[]
  /** the title, where it is one task, or the name of one file */
  readonly title: string
  readonly fields: readonly string[]
}

interface Entry {
  readonly deed: TaskDeed
  readonly steps: readonly TaskStep[]
}

export interface TaskHistory {
  readonly canUndo: Accessor<boolean>
  readonly canRedo: Accessor<boolean>
  note(deed: TaskDeed, inverse: readonly TaskStep[]): void
  /** Steps back; `done` is false when everything it would undo has since been changed by others. */
  undo(): { deed: TaskDeed; done: boolean } | null
  redo(): { deed: TaskDeed; done: boolean } | null
}

const DEPTH = 200

/** The last things this person did in this tab, newest first to be undone. `run` applies steps in one transaction
 *  and gives back those that undo them. */
export function createTaskHistory(run: (steps: readonly TaskStep[]) => TaskStep[]): TaskHistory {
  const [past, setPast] = createSignal<readonly Entry[]>([])
  const [future, setFuture] = createSignal<readonly Entry[]>([])

  const travel = (
    from: Accessor<readonly Entry[]>,
    setFrom: (entries: readonly Entry[]) => void,
    to: Accessor<readonly Entry[]>,
    setTo: (entries: readonly Entry[]) => void,
  ) => {
    const entry = from().at(-1)
    if (!entry) return null
    setFrom(from().slice(0, -1))
    const inverse = run(entry.steps)
    const done = inverse.length > 0
    if (done) setTo([...to(), { deed: entry.deed, steps: inverse }])
    return { deed: entry.deed, done }
  }

  return {
    canUndo: () => past().length > 0,
    canRedo: () => future().length > 0,
    note(deed, inverse) {
      if (inverse.length === 0) return
      setPast([...past().slice(1 - DEPTH), { deed, steps: inverse }])
      setFuture([])
    },
    undo: () => travel(past, setPast, future, setFuture),
    redo: () => travel(future, setFuture, past, setPast),
  }
}
