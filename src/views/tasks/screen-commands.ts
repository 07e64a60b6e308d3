import { useWorkspace } from '../../stores/workspace-context.ts'
import { type Command, registerCommands } from '../commands/registry.ts'
import { useText } from '../i18n/language.ts'
import { neighbourOf } from './cursor-keys.ts'
import type { IconName } from '../kit/icon-names.ts'
import type { FieldName, TasksScreen } from './screen-state.ts'
import type { TaskActions } from './task-actions.ts'
import { focusTask, taskLink } from './task-elements.ts'

/** The keys of the tasks screen, in the registry, so that the palette and the help know them too. */
export function registerTaskCommands(
  screen: TasksScreen,
  actions: TaskActions,
  on: { search: () => void; closeTask: () => void },
): void {
  const t = useText()
  const workspace = useWorkspace()
  const onCard = () => Boolean(document.activeElement?.closest('[data-task]'))
  const hasTarget = () => screen.targets().length > 0
  const isMoving = () => screen.cursor() !== null && onCard()

  const go = (direction: 'up' | 'down') => {
    const id = neighbourOf(screen, direction, screen.view().view)
    if (id === null) return
    screen.setCursor(id)
    if (screen.view().task !== null) screen.open(id)
    if (taskLink(id)) taskLink(id)?.focus()
    else focusTask(id)
  }
  const choose = (field: FieldName) => {
    const ids = screen.targets()
    const inPane = document.activeElement?.closest('#task') !== null && screen.view().task !== null
    const from = screen.selected().size > 0 ? 'bar' : inPane || !taskLink(ids[0] ?? '') ? 'pane' : 'card'
    screen.setOpenField({ field, ids, from })
  }
  const back = () => {
    if (screen.selected().size > 0) screen.select([])
    else if (screen.adding() !== null) screen.setAdding(null)
    else on.closeTask()
  }

  const field = (
    id: string,
    name: FieldName,
    icon: IconName,
    keys: string[],
    title: () => string,
  ): Command => ({
    id: `task.${id}`,
    title,
    group: 'task',
    icon,
    keys,
    when: hasTarget,
    run: () => choose(name),
  })
  const nudge = (direction: 'up' | 'down' | 'left' | 'right', key: string, title: () => string): Command => ({
    id: `task.move-${direction}`,
    title,
    group: 'task',
    icon: `arrow${direction}`,
    keys: [`Alt+${key}`],
    when: isMoving,
    run: () => actions.nudge(direction),
  })

  registerCommands(() => [
    field('status', 'status', 'half', ['s', 'm'], () => t('tasks.setStatus')),
    field('assignee', 'assignee', 'useradd', ['a'], () => t('tasks.setAssignee')),
    field('priority', 'priority', 'p2', ['p'], () => t('tasks.setPriority')),
    field('labels', 'labels', 'tag', ['l'], () => t('tasks.setLabels')),
    field('due', 'due', 'calendar', ['d'], () => t('tasks.setDue')),
    {
      id: 'task.open',
      title: () => t('tasks.open'),
      group: 'task',
      icon: 'tasks',
      keys: ['o'],
      when: () => screen.cursor() !== null,
      run: () => screen.open(screen.cursor()),
    },
    {
      id: 'task.select',
      title: () => t('tasks.select'),
      group: 'task',
      icon: 'check',
      keys: ['x'],
      when: () => screen.cursor() !== null,
      run: () => screen.toggle(screen.cursor() ?? ''),
    },
    nudge('up', 'ArrowUp', () => t('tasks.moveUp')),
    nudge('down', 'ArrowDown', () => t('tasks.moveDown')),
    nudge('left', 'ArrowLeft', () => t('tasks.moveLeft')),
    nudge('right', 'ArrowRight', () => t('tasks.moveRight')),
    {
      id: 'task.delete',
      title: () => t('tasks.delete'),
      group: 'task',
      icon: 'trash',
      keys: ['Delete', 'Backspace'],
      // Not from a button elsewhere, where one may mean the button.
      when: () => screen.selected().size > 0 || isMoving(),
      run: () => actions.remove(screen.targets()),
    },
    {
      id: 'tasks.add-here',
      title: () => t('tasks.addTask'),
      group: 'tasks',
      icon: 'plus',
      keys: ['c'],
      run: () => screen.setAdding('backlog'),
    },
    {
      id: 'tasks.next',
      title: () => t('tasks.next'),
      group: 'tasks',
      icon: 'arrowdown',
      keys: ['j'],
      when: () => screen.shown().length > 0,
      run: () => go('down'),
    },
    {
      id: 'tasks.previous',
      title: () => t('tasks.previous'),
      group: 'tasks',
      icon: 'arrowup',
      keys: ['k'],
      when: () => screen.shown().length > 0,
      run: () => go('up'),
    },
    {
      id: 'tasks.select-all',
      title: () => t('tasks.selectAll'),
      group: 'tasks',
      icon: 'checklist',
      keys: ['$mod+a'],
      when: () => document.activeElement?.closest('.cols, .tlist') !== null,
      run: () => screen.select(screen.shown()),
    },
    {
      id: 'tasks.back',
      title: () => t('tasks.back'),
      group: 'tasks',
      icon: 'arrowleft',
      keys: ['Escape'],
      when: () => screen.selected().size > 0 || screen.adding() !== null || screen.view().task !== null,
      run: back,
    },
    {
      id: 'tasks.search',
      title: () => t('tasks.search'),
      group: 'tasks',
      icon: 'search',
      keys: ['/'],
      run: on.search,
    },
    {
      id: 'tasks.view',
      title: () => (screen.view().view === 'board' ? t('tasks.showList') : t('tasks.showBoard')),
      group: 'tasks',
      icon: screen.view().view === 'board' ? 'list' : 'board',
      keys: ['v'],
      run: () => screen.show({ view: screen.view().view === 'board' ? 'list' : 'board' }),
    },
    {
      id: 'tasks.mine',
      title: () => t('tasks.myTasks'),
      group: 'tasks',
      icon: 'user',
      run: () => screen.filterBy({ assignees: [workspace.person.id] }),
    },
  ])
}
