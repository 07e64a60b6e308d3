import {
  type JSX,
  Match,
  Show,
  Suspense,
  Switch,
  createComputed,
  createEffect,
  createSignal,
  lazy,
  onCleanup,
  onMount,
} from 'solid-js'
import { NO_FILTER } from '../../domain/tasks/filter.ts'
import { createRemembered } from '../../stores/remembered.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useText, withWords } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { EmptyState } from '../kit/EmptyState.tsx'
import { Handle } from '../kit/Handle.tsx'
import { Icon } from '../kit/Icon.tsx'
import { Skeleton } from '../kit/Skeleton.tsx'
import { createTitle } from '../shell/title.ts'
import { Board } from './Board.tsx'
import { BoardBar } from './BoardBar.tsx'
import { FilterBar } from './FilterBar.tsx'
import { createDrawnView } from './drawn-view.ts'
import { createMediaQuery } from './media-query.ts'
import { registerTaskCommands } from './screen-commands.ts'
import { TasksScreenContext, createTasksScreen, useTasksScreen } from './screen-state.ts'
import { useTaskActions } from './task-actions.ts'
import { createTaskDrag } from './task-drag.ts'
import { columnInView, focusTask, taskElement, taskLink } from './task-elements.ts'
import './tasks.css'
import './quick-add.css'
import './board.css'
import './list.css'
import './detail.css'
import './choosing.css'
import './narrow.css'

// The board is what one sees first; the rest comes when it is asked for.
const QuickAdd = lazy(() => import('./QuickAdd.tsx'))
const SelectionBar = lazy(() => import('./SelectionBar.tsx'))
const FieldMenu = lazy(() => import('./FieldMenu.tsx'))
const TaskDetail = lazy(() => withWords(import('./TaskDetail.tsx')))
const TaskList = lazy(() => import('./TaskList.tsx'))
const later = [SelectionBar, FieldMenu, TaskDetail, TaskList]

const WARM_AFTER = 600

const isWidth = (value: unknown): value is number => typeof value === 'number' && value >= 320 && value <= 720
const [detailWidth, setDetailWidth] = createRemembered('tasks.detail-width', 400, isWidth)

export default function TasksScreen(): JSX.Element {
  const t = useText()
  const screen = createTasksScreen()
  createTitle(() => t('tasks.title'))
  const { presence } = useWorkspace()
  createEffect(() => presence.look(screen.store.board, screen.view().task))
  onCleanup(() => presence.look(null))
  onMount(() => {
    // Fetched before anybody asks, so that the first opening is as quick as the tenth.
    const soon = setTimeout(() => void QuickAdd.preload(), 0)
    const timer = setTimeout(() => later.forEach((part) => void part.preload()), WARM_AFTER)
    onCleanup(() => [soon, timer].forEach(clearTimeout))
  })
  return (
    <TasksScreenContext.Provider value={screen}>
      <Panes />
      <p class="sr" role="status">
        {screen.announcement()}
      </p>
      <p class="sr" id="card-help">
        {t('tasks.cardHelp')}
      </p>
    </TasksScreenContext.Provider>
  )
}

function Panes(): JSX.Element {
  const t = useText()
  const screen = useTasksScreen()
  const actions = useTaskActions()
  const { sync } = useWorkspace()
  const narrow = createMediaQuery('(max-width: 1179px)')
  const [searching, setSearching] = createSignal(false)
  const task = () => screen.view().task
  const close = () => {
    const id = task()
    screen.open(null)
    if (id !== null) focusTask(id)
  }
  registerTaskCommands(screen, actions, { search: () => setSearching(true), closeTask: close })
  // Opened by a link, by going back, or at the edge that the pane covers: the card stays in sight.
  createEffect(() => {
    const id = task()
    if (id === null) return
    screen.setCursor(id)
    requestAnimationFrame(() => taskElement(id)?.scrollIntoView({ block: 'nearest', inline: 'nearest' }))
  })
  return (
    <div
      class="tasks"
      data-detail={task() === null ? undefined : ''}
      data-sending={sync().sending ? '' : undefined}
      style={{ '--detail': `${detailWidth()}px` }}
    >
      <section
        class="pane"
        id="board"
        aria-describedby="card-help"
        aria-label={t('tasks.board')}
        inert={narrow() && task() !== null}
      >
        <BoardBar onSearch={() => setSearching(true)} />
        <Show
          when={screen.selected().size > 0}
          fallback={<FilterBar searching={searching()} onSearchEnd={() => setSearching(false)} />}
        >
          <Suspense>
            <SelectionBar />
          </Suspense>
        </Show>
        <Adding />
        <Tasks />
      </section>
      <Show when={task()}>
        {(id) => (
          <>
            <Handle
              label={t('tasks.resizeDetail')}
              width={detailWidth()}
              min={320}
              max={720}
              side="after"
              onResize={setDetailWidth}
            />
            <Suspense fallback={<section class="pane" id="task" />}>
              <TaskDetail id={id()} alone={narrow()} onClose={close} />
            </Suspense>
          </>
        )}
      </Show>
      <Show when={screen.openField()} keyed>
        {(open) => (
          <Suspense>
            <FieldMenu open={open} />
          </Suspense>
        )}
      </Show>
    </div>
  )
}

/** On the phone the line is always there, at the foot; elsewhere it comes with C. */
function Adding(): JSX.Element {
  const t = useText()
  const screen = useTasksScreen()
  const phone = createMediaQuery('(max-width: 719px)')
  const added = (id: string, title: string) => {
    screen.setCursor(id)
    screen.announce(t('tasks.added', title))
  }
  /** Said only where it is not the usual one. */
  const column = () => (screen.adding() === 'backlog' ? null : screen.adding())
  const close = () => {
    screen.setAdding(null)
    const cursor = screen.cursor()
    if (cursor !== null) taskLink(cursor)?.focus()
  }
  return (
    <Show when={phone() || screen.adding() !== null}>
      <Suspense fallback={<EmptyLine />}>
        <QuickAdd
          now={screen.now}
          status={column()}
          resting={phone()}
          active={screen.adding() !== null}
          onFocus={() => phone() && screen.adding() === null && screen.setAdding(columnInView())}
          onLeave={() => phone() && screen.setAdding(null)}
          onAdded={added}
          onClose={close}
        />
      </Suspense>
    </Show>
  )
}

/** What the line looks like while its script is on the way: the board stays where it is. */
function EmptyLine(): JSX.Element {
  const t = useText()
  return (
    <div class="quick-place">
      <div class="quick">
        <Icon name="plus" />
        <span class="write faint">{t('tasks.addPhone')}</span>
      </div>
    </div>
  )
}

function Tasks(): JSX.Element {
  const t = useText()
  const screen = useTasksScreen()
  const actions = useTaskActions()
  const { connection } = useWorkspace()
  const drag = createTaskDrag({
    enabled: actions.mayEdit,
    taken: (id) => (screen.selected().has(id) ? screen.targets() : [id]),
    onStart: (ids) => {
      screen.hold.grab()
      screen.announce(t('tasks.dragging', t('tasks.quoted', screen.store.byId[ids[0] ?? '']?.title ?? '')))
    },
    onDrop(ids, drop) {
      actions.move(ids, drop.status, drop.place)
      const [first] = ids
      if (first !== undefined) focusTask(first)
    },
    onRest: (id) => screen.toggle(id),
    onEnd: () => screen.hold.release(),
  })
  // A card that another person moves is another element afterwards; the keyboard stays on it.
  createComputed(() => {
    screen.shown()
    const id = document.activeElement?.closest<HTMLElement>('[data-task]')?.dataset['task']
    if (id === undefined) return
    queueMicrotask(() => {
      if (document.activeElement === document.body) taskLink(id)?.focus({ preventScroll: true })
    })
  })
  const count = () => screen.store.ids().length
  const view = createDrawnView(screen)
  return (
    <Switch>
      <Match when={count() === 0 && !screen.store.filled()}>
        <Show
          when={connection().kind === 'offline'}
          fallback={<Skeleton label={t('tasks.loading')} rows={5} />}
        >
          <EmptyState scene="dry" title={t('tasks.dryTitle')} action={<AddFirst />}>
            {t('tasks.dry')}
          </EmptyState>
        </Show>
      </Match>
      <Match when={count() === 0}>
        <EmptyState title={t('tasks.emptyTitle')} action={<AddFirst />}>
          {t('tasks.empty')}
        </EmptyState>
      </Match>
      <Match when={screen.shown().length === 0}>
        <EmptyState
          title={t('tasks.filteredOut')}
          action={
            <Button onClick={() => screen.show({ filter: NO_FILTER })}>{t('tasks.clearFilters')}</Button>
          }
        >
          {t('tasks.filteredOutWhy', count())}
        </EmptyState>
      </Match>
      <Match when={view() === 'list'}>
        <Suspense>
          <TaskList drag={drag} />
        </Suspense>
      </Match>
      <Match when={view() === 'board'}>
        <Board drag={drag} />
      </Match>
    </Switch>
  )
}

function AddFirst(): JSX.Element {
  const t = useText()
  const screen = useTasksScreen()
  return (
    <Button icon="plus" keys="c" onClick={() => screen.setAdding('backlog')}>
      {t('tasks.addTask')}
    </Button>
  )
}
