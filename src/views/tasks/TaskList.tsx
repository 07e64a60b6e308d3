import { For, type JSX, Show, createMemo, createSignal, createUniqueId, onMount } from 'solid-js'
import { Virtualizer } from 'virtua/solid'
import { type TaskStatus, taskStatuses } from '../../domain/collections/tasks.ts'
import { useText } from '../i18n/language.ts'
import { Icon } from '../kit/Icon.tsx'
import { moveCursor } from './cursor-keys.ts'
import { createMediaQuery } from './media-query.ts'
import { useTasksScreen } from './screen-state.ts'
import type { TaskDrag } from './task-drag.ts'
import { takeOverKeyboard } from './task-elements.ts'
import { TaskRow } from './TaskRow.tsx'
import { statusColour, statusIcon } from './task-words.ts'

/** Below this many rows a plain list is quicker than counting which of them show. */
const VIRTUAL_FROM = 150
const HEADING = 44
const PADDING = 8

export default function TaskList(props: { drag: TaskDrag }): JSX.Element {
  const screen = useTasksScreen()
  const [scroller, setScroller] = createSignal<HTMLElement>()
  const phone = createMediaQuery('(max-width: 719px)')
  const rowHeight = () => (phone() ? 52 : 36)
  const groups = createMemo(() => taskStatuses.filter((status) => screen.columns[status]().length > 0))
  const virtual = createMemo(() => screen.shown().length >= VIRTUAL_FROM)
  const tabStop = createMemo(() => {
    const cursor = screen.cursor()
    return cursor !== null && screen.columnOf(cursor) !== null ? cursor : (screen.shown()[0] ?? null)
  })
  /** What lies above a group's rows, which the virtual list cannot see by itself. */
  const above = (status: TaskStatus): number => {
    let height = PADDING
    for (const group of groups()) {
      height += HEADING
      if (group === status) break
      height += screen.columns[group]().length * rowHeight()
    }
    return height
  }
  onMount(() => takeOverKeyboard(screen.cursor()))
  return (
    <div
      class="tlist"
      data-selecting={screen.selected().size > 0 ? '' : undefined}
      ref={(element) => {
        setScroller(element)
        props.drag.attach(element)
        screen.hold.watch(element)
      }}
      onKeyDown={(event) => moveCursor(event, screen, 'list')}
    >
      <For each={groups()}>
        {(status) => (
          <Group status={status}>
            {(heading) => (
              <Show
                when={virtual() && scroller()}
                fallback={
                  <ul aria-labelledby={heading}>
                    <For each={screen.columns[status]()}>
                      {(id) => (
                        <li>
                          <TaskRow id={id} tabStop={tabStop() === id} drag={props.drag} />
                        </li>
                      )}
                    </For>
                  </ul>
                }
              >
                {(element) => (
                  <Virtualizer
                    as="ul"
                    item="li"
                    data={screen.columns[status]()}
                    scrollRef={element()}
                    startMargin={above(status)}
                    itemSize={rowHeight()}
                    keepMounted={keptOf(screen.columns[status](), screen.cursor())}
                  >
                    {(id) => <TaskRow id={id} tabStop={tabStop() === id} drag={props.drag} />}
                  </Virtualizer>
                )}
              </Show>
            )}
          </Group>
        )}
      </For>
    </div>
  )
}

/** The row with the keyboard stays, so that scrolling away does not lose the focus. */
function keptOf(ids: readonly string[], cursor: string | null): number[] {
  const index = cursor === null ? -1 : ids.indexOf(cursor)
  return index < 0 ? [] : [index]
}

function Group(props: { status: TaskStatus; children: (heading: string) => JSX.Element }): JSX.Element {
  const t = useText()
  const screen = useTasksScreen()
  const heading = createUniqueId()
  return (
    <section aria-labelledby={heading} data-status={props.status}>
      <h2 id={heading}>
        <Icon name={statusIcon[props.status]} style={{ color: statusColour[props.status] }} />
        {t(`tasks.status_${props.status}`)}
        <span class="faint f1 num">{screen.columns[props.status]().length}</span>
      </h2>
      {props.children(heading)}
    </section>
  )
}
