import { For, type JSX, Show, createMemo } from 'solid-js'
import { dueOf } from '../../domain/tasks/due.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useText } from '../i18n/language.ts'
import { Icon } from '../kit/Icon.tsx'
import { Assignee } from './Assignee.tsx'
import { LabelTag } from './LabelTag.tsx'
import { openHere } from './open-here.ts'
import { useTasksScreen } from './screen-state.ts'
import type { TaskDrag } from './task-drag.ts'
import { TaskVisitors, VisitorWords, createVisitors } from './TaskVisitors.tsx'
import { priorityColour, useDueWords, useTaskName } from './task-words.ts'

/** A line of the list. */
export function TaskRow(props: { id: string; tabStop: boolean; drag: TaskDrag }): JSX.Element {
  const t = useText()
  const screen = useTasksScreen()
  const { pendingOf } = useWorkspace()
  const nameOf = useTaskName()
  const words = useDueWords(screen.now)
  const task = () => screen.store.byId[props.id]
  const pending = createMemo(() => pendingOf(props.id)())
  const selected = createMemo(() => screen.selected().has(props.id))
  const current = () => screen.isOpen(props.id)
  const visitors = createVisitors(() => props.id)
  const due = createMemo(() => {
    const of = task()
    const date = of && dueOf(of)
    return date ? words(date, of.status === 'done') : null
  })
  const edge = createMemo(() => {
    const place = props.drag.drop()?.place
    if (place === undefined || typeof place === 'string') return undefined
    if ('before' in place) return place.before === props.id ? 'before' : undefined
    return place.after === props.id ? 'after' : undefined
  })
  return (
    <div
      class="trow"
      data-task={props.id}
      data-state={pending() ? 'pending' : undefined}
      data-selected={selected() ? '' : undefined}
      data-edge={edge()}
      aria-current={current() ? 'true' : undefined}
    >
      <Show when={task()}>
        {(shown) => (
          <>
            <span class="lead">
              <Show when={shown().priority}>
                {(priority) => (
                  <Icon
                    name={priority()}
                    label={priority().toUpperCase()}
                    style={{ color: priorityColour[priority()] }}
                  />
                )}
              </Show>
              <input
                type="checkbox"
                class="box"
                tabIndex={-1}
                checked={selected()}
                aria-label={t('tasks.selectTask', nameOf(shown()))}
                onChange={() => screen.toggle(props.id)}
              />
            </span>
            <a
              class="clip ttl"
              data-open
              href={screen.linkTo(props.id)}
              draggable={false}
              tabIndex={props.tabStop ? 0 : -1}
              onClick={(event) => openHere(event, screen, props.id)}
              onFocus={() => screen.setCursor(props.id)}
            >
              {nameOf(shown())}
              <Show when={pending()}>
                <span class="sr">, {t('tasks.pendingHere')}</span>
              </Show>
              <Show when={selected()}>
                <span class="sr">, {t('tasks.isSelected')}</span>
              </Show>
              <VisitorWords visitors={visitors()} />
            </a>
            <span class="dry">
              <Show when={pending()}>
                <span class="grain" />
              </Show>
            </span>
            <span class="tags">
              <TaskVisitors visitors={visitors()} size={20} />
              <For each={shown().labels}>{(label) => <LabelTag id={label} />}</For>
            </span>
            <span class="faint f1 due" data-tone={due()?.tone}>
              {due()?.text}
            </span>
            <span class="who">
              <Assignee id={shown().assignee} size={20} />
            </span>
          </>
        )}
      </Show>
    </div>
  )
}
