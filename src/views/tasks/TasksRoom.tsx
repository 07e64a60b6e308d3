import { useLocation, useNavigate } from '@solidjs/router'
import { type JSX, Show, Suspense, createSignal, lazy } from 'solid-js'
import {
  TaskStoreContext,
  createWorkspaceTaskStore,
  useTaskStore,
} from '../../stores/tasks/task-store-context.ts'
import { findTasks } from '../../stores/tasks/find-tasks.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { roomPath } from '../addresses.ts'
import { registerCommands, registerFinder } from '../commands/registry.ts'
import { useText } from '../i18n/language.ts'
import { tellOfAssignments } from './assignment-news.ts'
import { useTaskDeeds } from './task-deeds.ts'
import { statusIcon } from './task-words.ts'

const QuickAddDialog = lazy(() => import('./QuickAddDialog.tsx'))

/** Around every screen of a workspace: keeps the board open and this person's history of changes, and lets a task be
 *  added and an action be undone wherever one is. */
export function TasksRoom(props: { children: JSX.Element }): JSX.Element {
  return (
    <TaskStoreContext.Provider value={createWorkspaceTaskStore()}>
      <TaskEverywhere />
      {props.children}
    </TaskStoreContext.Provider>
  )
}

function TaskEverywhere(): JSX.Element {
  const t = useText()
  const deeds = useTaskDeeds()
  const location = useLocation()
  const navigate = useNavigate()
  const store = useTaskStore()
  const { workspace } = useWorkspace()
  const [adding, setAdding] = createSignal(false)
  tellOfAssignments()
  const isHere = () => location.pathname.endsWith('/tasks')
  registerFinder((query) =>
    findTasks(store, query).map((task) => ({
      id: task.id,
      title: task.title,
      icon: statusIcon[task.status],
      run() {
        // The board that is on the screen keeps its filters.
        const address = new URLSearchParams(isHere() ? location.search : '')
        address.set('task', task.id)
        navigate(`${roomPath(workspace, 'tasks')}?${address}`, { scroll: false })
      },
    })),
  )
  registerCommands(() => [
    {
      id: 'tasks.add',
      title: () => t('tasks.addTask'),
      group: 'tasks',
      icon: 'plus',
      keys: ['c'],
      // The tasks screen has a line of its own for this.
      when: () => !isHere(),
      run: () => setAdding(true),
    },
    {
      id: 'tasks.undo',
      title: () => t('tasks.undo'),
      group: 'tasks',
      icon: 'undo',
      keys: ['$mod+z'],
      when: () => !isWriting(),
      run: deeds.undo,
    },
    {
      id: 'tasks.redo',
      title: () => t('tasks.redo'),
      group: 'tasks',
      icon: 'refresh',
      keys: ['$mod+Shift+z', '$mod+Shift+Z', '$mod+y'],
      when: () => !isWriting(),
      run: deeds.redo,
    },
  ])
  return (
    <Show when={adding()}>
      <Suspense>
        <QuickAddDialog onClose={() => setAdding(false)} />
      </Suspense>
    </Show>
  )
}

/** In a text field ⌘Z belongs to the words. */
function isWriting(): boolean {
  const active = document.activeElement
  return (
    active instanceof HTMLTextAreaElement ||
    (active instanceof HTMLInputElement && !/^(checkbox|radio|button|range)$/.test(active.type))
  )
}
