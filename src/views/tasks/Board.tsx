import { For, type JSX, createMemo } from 'solid-js'
import { taskStatuses } from '../../domain/collections/tasks.ts'
import { BoardColumn } from './BoardColumn.tsx'
import { moveCursor } from './cursor-keys.ts'
import { useTasksScreen } from './screen-state.ts'
import type { TaskDrag } from './task-drag.ts'

export function Board(props: { drag: TaskDrag }): JSX.Element {
  const screen = useTasksScreen()
  /** One card of the board is in the tab order: the last one visited, or the first. */
  const tabStop = createMemo(() => {
    const cursor = screen.cursor()
    if (cursor !== null && screen.columnOf(cursor) !== null) return cursor
    return screen.shown()[0] ?? null
  })
  return (
    <div
      class="cols"
      ref={(element) => {
        props.drag.attach(element)
        screen.hold.watch(element)
      }}
      data-selecting={screen.selected().size > 0 ? '' : undefined}
      data-dragging={props.drag.dragged().length > 0 ? '' : undefined}
      onKeyDown={(event) => moveCursor(event, screen, 'board')}
    >
      <For each={taskStatuses}>
        {(status) => <BoardColumn status={status} drag={props.drag} tabStop={tabStop()} />}
      </For>
    </div>
  )
}
