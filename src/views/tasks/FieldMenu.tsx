import { type JSX, Show } from 'solid-js'
import {
  type TaskPriority,
  type TaskStatus,
  taskPriorities,
  taskStatuses,
} from '../../domain/collections/tasks.ts'
import { dueOf } from '../../domain/tasks/due.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useText } from '../i18n/language.ts'
import { Avatar } from '../kit/Avatar.tsx'
import { Icon } from '../kit/Icon.tsx'
import { Popover } from '../kit/Popover.tsx'
import { DuePicker } from './DuePicker.tsx'
import { labelIdsByName } from './label-names.ts'
import { LabelDot } from './LabelTag.tsx'
import { PickList, type PickOption } from './PickList.tsx'
import { type OpenField, useTasksScreen } from './screen-state.ts'
import { useTaskActions } from './task-actions.ts'
import { taskLink } from './task-elements.ts'
import { priorityColour, statusColour, statusIcon } from './task-words.ts'

const NONE = 'none'
const fieldWords = {
  status: 'tasks.moveTo',
  assignee: 'tasks.assignee',
  priority: 'tasks.priority',
  labels: 'tasks.labels',
  due: 'tasks.due',
} as const

/** The choice of one field, for one task or for all selected ones. Afterwards the keyboard is back where it was. */
export default function FieldMenu(props: { open: OpenField }): JSX.Element {
  const t = useText()
  const screen = useTasksScreen()
  return (
    <Popover
      open
      class="popover pick"
      label={t(fieldWords[props.open.field])}
      anchor={() => anchorOf(props.open)}
      onClose={() => screen.setOpenField(null)}
    >
      <Show when={props.open.field === 'due'} fallback={<Choice open={props.open} />}>
        <DueChoice open={props.open} />
      </Show>
    </Popover>
  )
}

function anchorOf(open: OpenField): HTMLElement | undefined {
  if (open.from === 'card') return taskLink(open.ids[0] ?? '') ?? undefined
  const place = open.from === 'pane' ? '#task' : '.selbar'
  return document.querySelector<HTMLElement>(`${place} [data-field="${open.field}"]`) ?? undefined
}

function DueChoice(props: { open: OpenField }): JSX.Element {
  const screen = useTasksScreen()
  const actions = useTaskActions()
  const [first] = props.open.ids
  const task = () => screen.store.byId[first ?? '']
  const value = () => {
    const of = task()
    return of && props.open.ids.length === 1 ? dueOf(of) : null
  }
  return (
    <DuePicker
      value={value()}
      onPick={(due) => {
        screen.setOpenField(null)
        actions.act(() => screen.store.commands.setDue(props.open.ids, due), told(props.open))
      }}
    />
  )
}

function Choice(props: { open: OpenField }): JSX.Element {
  const t = useText()
  const screen = useTasksScreen()
  const workspace = useWorkspace()
  const actions = useTaskActions()
  const { commands } = screen.store
  const ids = () => props.open.ids
  /** on for every task that is meant */
  const all = (holds: (id: string) => boolean) => ids().length > 0 && ids().every(holds)
  const task = (id: string) => screen.store.byId[id]

  const options = (): PickOption[] => {
    switch (props.open.field) {
      case 'status':
        return taskStatuses.map((status, index) => ({
          id: status,
          label: t(`tasks.status_${status}`),
          before: () => <Icon name={statusIcon[status]} style={{ color: statusColour[status] }} />,
          end: String(index + 1),
          checked: all((id) => task(id)?.status === status),
        }))
      case 'priority':
        return [...taskPriorities, NONE].map((priority, index) => ({
          id: priority,
          label: isPriority(priority) ? priority.toUpperCase() : t('tasks.noPriority'),
          before: () =>
            isPriority(priority) ? (
              <Icon name={priority} style={{ color: priorityColour[priority] }} />
            ) : (
              <Icon name="x" />
            ),
          end: String(index + 1),
          checked: all((id) => (task(id)?.priority ?? NONE) === priority),
        }))
      case 'assignee':
        return [
          ...workspace.members.ids().map((id) => {
            const name = workspace.members.byId[id]?.display_name ?? ''
            return {
              id,
              label: id === workspace.person.id ? `${name} (${t('tasks.you')})` : name,
              before: () => <Avatar id={id} name={name} size={20} />,
              checked: all((one) => task(one)?.assignee === id),
            }
          }),
          {
            id: NONE,
            label: t('tasks.nobody'),
            before: () => <Icon name="user" />,
            checked: all((id) => task(id)?.assignee === null),
          },
        ]
      default:
        return labelIdsByName(workspace.labels).map((id) => ({
          id,
          label: workspace.labels.byId[id]?.name ?? '',
          before: () => <LabelDot id={id} />,
          checked: all((one) => task(one)?.labels.includes(id) === true),
        }))
    }
  }

  const setLabel = (label: string, on: boolean) =>
    actions.act(() => commands.setLabel(ids(), label, on), ids().length > 1 ? 'toast' : 'quiet')

  const pick = (id: string) => {
    if (props.open.field === 'labels')
      return setLabel(id, !all((one) => task(one)?.labels.includes(id) === true))
    screen.setOpenField(null)
    if (props.open.field === 'status') return actions.move(ids(), id as TaskStatus, 'start') // the options are statuses
    if (props.open.field === 'assignee')
      return actions.act(() => commands.set(ids(), { assignee: id === NONE ? null : id }), told(props.open))
    return actions.act(() => commands.set(ids(), { priority: isPriority(id) ? id : null }), told(props.open))
  }

  return (
    <PickList
      label={t(fieldWords[props.open.field])}
      options={options()}
      searchable={props.open.field === 'assignee' || props.open.field === 'labels'}
      multiple={props.open.field === 'labels'}
      onPick={(id) => void pick(id)}
      {...(props.open.field === 'labels'
        ? {
            createWords: (name: string) => t('tasks.createLabel', name),
            onCreate: (name: string) => {
              if (actions.mayEdit()) setLabel(commands.addLabel(name), true)
            },
          }
        : {})}
    />
  )
}

function isPriority(id: string): id is TaskPriority {
  return taskPriorities.some((priority) => priority === id)
}

/** What changes before one's eyes needs no word; what changes in many places does. */
function told(open: OpenField): 'toast' | 'quiet' {
  return open.ids.length > 1 ? 'toast' : 'quiet'
}
