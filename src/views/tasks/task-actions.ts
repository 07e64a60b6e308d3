import { type TaskStatus, taskStatuses } from '../../domain/collections/tasks.ts'
import type { TaskDeed } from '../../stores/tasks/task-history.ts'
import type { TaskPlace } from '../../stores/tasks/task-commands.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useText } from '../i18n/language.ts'
import { showToast } from '../kit/show-toast.ts'
import { type TasksScreen, useTasksScreen } from './screen-state.ts'
import { focusBoard, focusTask } from './task-elements.ts'
import { useTaskDeeds } from './task-deeds.ts'

export interface TaskActions {
  /** Every write goes through here: refused with a word where the role only reads. */
  act(edit: () => TaskDeed | null, told?: 'toast' | 'quiet'): TaskDeed | null
  move(ids: readonly string[], status: TaskStatus, place: TaskPlace, told?: 'toast' | 'quiet'): void
  /** One step in the column, or to the same end of the neighbour column, by keyboard. */
  nudge(direction: 'up' | 'down' | 'left' | 'right'): void
  remove(ids: readonly string[]): void
  readonly mayEdit: () => boolean
}

export function useTaskActions(screen: TasksScreen = useTasksScreen()): TaskActions {
  const t = useText()
  const workspace = useWorkspace()
  const deeds = useTaskDeeds()
  const { store } = screen
  const mayEdit = () => workspace.workspace.role !== 'viewer'

  const act: TaskActions['act'] = (edit, told = 'quiet') => {
    if (!mayEdit()) {
      showToast({ text: t('tasks.readOnly') })
      return null
    }
    const deed = edit()
    if (deed && told === 'toast') deeds.tell(deed)
    return deed
  }

  const placeWords = (id: string): string => {
    const status = store.byId[id]?.status ?? 'backlog'
    const column = screen.columns[status]()
    return t(
      'tasks.movedPlace',
      t('tasks.quoted', store.byId[id]?.title ?? ''),
      t(`tasks.status_${status}`),
      column.indexOf(id) + 1,
      column.length,
    )
  }

  const move: TaskActions['move'] = (ids, status, place, told = 'toast') => {
    const between = ids.some((id) => store.byId[id]?.status !== status)
    const deed = act(() => store.commands.move(ids, status, place), between ? told : 'quiet')
    const [first] = ids
    if (deed && first !== undefined) screen.announce(placeWords(first))
  }

  const beside = (id: string, direction: 'up' | 'down'): { status: TaskStatus; place: TaskPlace } | null => {
    const status = screen.columnOf(id)
    if (status === null) return null
    const column = screen.columns[status]()
    const index = column.indexOf(id)
    const neighbour = column[direction === 'up' ? index - 1 : index + 1]
    if (neighbour === undefined) return null
    return { status, place: direction === 'up' ? { before: neighbour } : { after: neighbour } }
  }

  const across = (id: string, step: 1 | -1): { status: TaskStatus; place: TaskPlace } | null => {
    const from = screen.columnOf(id)
    if (from === null) return null
    const status = taskStatuses[taskStatuses.indexOf(from) + step]
    if (status === undefined) return null
    // At the same height as before, so that the eye finds it.
    const neighbour = screen.columns[status]()[screen.columns[from]().indexOf(id)]
    return { status, place: neighbour === undefined ? 'end' : { before: neighbour } }
  }

  return {
    act,
    move,
    mayEdit,
    nudge(direction) {
      const id = screen.cursor()
      if (id === null) return
      const to =
        direction === 'up' || direction === 'down'
          ? beside(id, direction)
          : across(id, direction === 'left' ? -1 : 1)
      if (to === null) {
        screen.announce(t('tasks.alreadyThere', t('tasks.quoted', store.byId[id]?.title ?? '')))
        return
      }
      move([id], to.status, to.place)
      focusTask(id)
    },
    remove(ids) {
      const shown = screen.shown()
      const next = shown.slice(shown.indexOf(ids.at(-1) ?? '') + 1).find((id) => !ids.includes(id))
      const deed = act(() => store.commands.remove(ids), 'toast')
      if (!deed) return
      screen.select([])
      if (ids.includes(screen.view().task ?? '')) screen.open(null)
      screen.setCursor(next ?? screen.shown().at(-1) ?? null)
      const cursor = screen.cursor()
      if (cursor !== null) focusTask(cursor)
      else focusBoard()
    },
  }
}
