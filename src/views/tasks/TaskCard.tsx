import { For, type JSX, Show, createMemo } from 'solid-js'
import { dueOf } from '../../domain/tasks/due.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useText } from '../i18n/language.ts'
import { Icon } from '../kit/Icon.tsx'
import { Assignee } from './Assignee.tsx'
import { LabelTag } from './LabelTag.tsx'
import { openHere } from './open-here.ts'
import { useTasksScreen } from './screen-state.ts'
import { TaskVisitors, VisitorWords, createVisitors } from './TaskVisitors.tsx'
import { priorityColour, useDueWords, useTaskName } from './task-words.ts'

/** A card of the board. The title is the link that opens it and the one thing that takes the keyboard. */
export function TaskCard(props: { id: string; tabStop: boolean }): JSX.Element {
  const t = useText()
  const screen = useTasksScreen()
  const { pendingOf } = useWorkspace()
  const nameOf = useTaskName()
  const task = () => screen.store.byId[props.id]
  const pending = createMemo(() => pendingOf(props.id)())
  const selected = createMemo(() => screen.selected().has(props.id))
  const current = () => screen.isOpen(props.id)
  const visitors = createVisitors(() => props.id)
  return (
    <li
      class="tcard"
      data-task={props.id}
      data-state={pending() ? 'pending' : undefined}
      data-selected={selected() ? '' : undefined}
      aria-current={current() ? 'true' : undefined}
    >
      <Show when={task()}>
        {(shown) => (
          <>
            <div class="top">
              <input
                type="checkbox"
                class="box"
                tabIndex={-1}
                checked={selected()}
                aria-label={t('tasks.selectTask', nameOf(shown()))}
                onChange={() => screen.toggle(props.id)}
              />
              <a
                class="ttl"
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
              <Assignee id={shown().assignee} size={20} />
            </div>
            <TaskMeta id={props.id} pending={pending()} />
            <TaskVisitors visitors={visitors()} size={18} />
          </>
        )}
      </Show>
    </li>
  )
}

function TaskMeta(props: { id: string; pending: boolean }): JSX.Element {
  const screen = useTasksScreen()
  const words = useDueWords(screen.now)
  const task = () => screen.store.byId[props.id]
  const due = createMemo(() => {
    const of = task()
    const date = of && dueOf(of)
    return date ? words(date, of.status === 'done') : null
  })
  const labels = () => task()?.labels ?? []
  return (
    <>
      <Show when={task()?.priority || due() || (props.pending && labels().length === 0)}>
        <div class="meta">
          <Show when={task()?.priority}>
            {(priority) => (
              <span style={{ color: priority() === 'p1' ? priorityColour.p1 : undefined }}>
                <Icon name={priority()} />
                {priority().toUpperCase()}
              </span>
            )}
          </Show>
          <Show when={due()}>
            {(date) => (
              <span data-tone={date().tone}>
                <Icon name={date().icon} />
                {date().text}
              </span>
            )}
          </Show>
          <Show when={props.pending && labels().length === 0}>
            <span class="end grain" />
          </Show>
        </div>
      </Show>
      <Show when={labels().length > 0}>
        <div class="meta">
          <For each={labels()}>{(label) => <LabelTag id={label} />}</For>
          <Show when={props.pending}>
            <span class="end grain" />
          </Show>
        </div>
      </Show>
    </>
  )
}
