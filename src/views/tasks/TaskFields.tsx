import { For, type JSX, Show } from 'solid-js'
import { dueOf } from '../../domain/tasks/due.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useText } from '../i18n/language.ts'
import { Icon } from '../kit/Icon.tsx'
import { Assignee } from './Assignee.tsx'
import { LabelTag } from './LabelTag.tsx'
import { type FieldName, useTasksScreen } from './screen-state.ts'
import { priorityColour, statusColour, statusIcon, useDueWords } from './task-words.ts'

/** The fields of a task; each value is the button that changes it. */
export function TaskFields(props: { id: string }): JSX.Element {
  const t = useText()
  const screen = useTasksScreen()
  const { members } = useWorkspace()
  const words = useDueWords(screen.now)
  const task = () => screen.store.byId[props.id]
  return (
    <Show when={task()}>
      {(shown) => (
        <dl class="kv">
          <Line id={props.id} field="status" name={t('tasks.status')} keys="s">
            <Icon name={statusIcon[shown().status]} style={{ color: statusColour[shown().status] }} />
            {t(`tasks.status_${shown().status}`)}
          </Line>
          <Line id={props.id} field="assignee" name={t('tasks.assignee')} keys="a">
            <Show when={shown().assignee} fallback={<span class="faint">{t('tasks.nobody')}</span>}>
              {(who) => (
                <>
                  <Assignee id={who()} size={20} />
                  {members.byId[who()]?.display_name || t('tasks.formerMember')}
                </>
              )}
            </Show>
          </Line>
          <Line id={props.id} field="due" name={t('tasks.due')} keys="d">
            <Show when={dueOf(shown())} fallback={<span class="faint">{t('tasks.noDue')}</span>}>
              {(due) => {
                const said = () => words(due(), shown().status === 'done')
                return (
                  <>
                    <span data-tone={said().tone} class="toned">
                      <Icon name={said().icon} />
                    </span>
                    <span data-tone={said().tone === 'bad' ? 'bad' : undefined} class="toned said">
                      {said().text}
                    </span>
                    <Show when={said().soon}>
                      {(soon) => (
                        <span data-tone="warn" class="toned">
                          {soon()}
                        </span>
                      )}
                    </Show>
                  </>
                )
              }}
            </Show>
          </Line>
          <Line id={props.id} field="priority" name={t('tasks.priority')} keys="p">
            <Show when={shown().priority} fallback={<span class="faint">{t('tasks.noPriority')}</span>}>
              {(priority) => (
                <>
                  <Icon name={priority()} style={{ color: priorityColour[priority()] }} />
                  {priority().toUpperCase()}
                </>
              )}
            </Show>
          </Line>
          <Line id={props.id} field="labels" name={t('tasks.labels')} keys="l">
            <Show
              when={shown().labels.length > 0}
              fallback={<span class="faint">{t('tasks.noLabels')}</span>}
            >
              <span class="tags">
                <For each={shown().labels}>{(label) => <LabelTag id={label} />}</For>
              </span>
            </Show>
          </Line>
        </dl>
      )}
    </Show>
  )
}

function Line(props: {
  id: string
  field: FieldName
  name: string
  keys: string
  children: JSX.Element
}): JSX.Element {
  const screen = useTasksScreen()
  const open = () => {
    const now = screen.openField()
    return now?.from === 'pane' && now.field === props.field
  }
  return (
    <>
      <dt id={`field-${props.field}`}>{props.name}</dt>
      <dd>
        <button
          type="button"
          class="value"
          data-field={props.field}
          data-tip={props.name}
          data-tip-keys={props.keys}
          aria-haspopup="dialog"
          aria-expanded={open()}
          aria-describedby={`field-${props.field}`}
          onClick={() =>
            screen.setOpenField(open() ? null : { field: props.field, ids: [props.id], from: 'pane' })
          }
        >
          {props.children}
        </button>
      </dd>
    </>
  )
}
