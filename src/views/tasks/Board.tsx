import { For, type JSX, createEffect, createMemo, on, onMount } from 'solid-js'
import { taskStatuses } from '../../domain/collections/tasks.ts'
import { BoardColumn } from './BoardColumn.tsx'
import { moveCursor } from './cursor-keys.ts'
import { useTasksScreen } from './screen-state.ts'
import type { TaskDrag } from './task-drag.ts'
import { columnElement, columnInView, takeOverKeyboard } from './task-elements.ts'

export function Board(props: { drag: TaskDrag }): JSX.Element {
  const screen = useTasksScreen()
  /** One card of the board is in the tab order: the last one visited, or the first. */
  const tabStop = createMemo(() => {
    const cursor = screen.cursor()
    if (cursor !== null && screen.columnOf(cursor) !== null) return cursor
    return screen.shown()[0] ?? null
  })
  onMount(() => takeOverKeyboard(screen.cursor()))
  // A phone shows one column: where the filter leaves nothing in it, the first that has something comes.
  createEffect(
    on(
      () => JSON.stringify(screen.view().filter),
      () => {
        const found = screen.columnOf(screen.shown()[0] ?? '')
        if (found === null || screen.columns[columnInView()]().length > 0) return
        columnElement(found)?.scrollIntoView({ block: 'nearest', inline: 'start' })
      },
      { defer: true },
    ),
  )
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
