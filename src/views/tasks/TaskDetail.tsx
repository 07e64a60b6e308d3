import { type JSX, Show, createEffect, createMemo, on } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { Attachments } from '../attachments/Attachments.tsx'
import { createDropAndPaste } from '../attachments/drop-and-paste.ts'
import { useFileActions } from '../attachments/file-actions.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'
import { Banner } from '../kit/Banner.tsx'
import { Button } from '../kit/Button.tsx'
import { EmptyState } from '../kit/EmptyState.tsx'
import { IconButton } from '../kit/IconButton.tsx'
import { Menu } from '../kit/Menu.tsx'
import { Icon } from '../kit/Icon.tsx'
import { showToast } from '../kit/show-toast.ts'
import { DescriptionEditor } from './DescriptionEditor.tsx'
import { useTasksScreen } from './screen-state.ts'
import { useTaskActions } from './task-actions.ts'
import { useTaskName } from './task-words.ts'
import { TaskFields } from './TaskFields.tsx'
import { VisitorsHere, createVisitors } from './TaskVisitors.tsx'
import { TitleEditor } from './TitleEditor.tsx'

/** One task, every field of it open to change where it stands. */
export default function TaskDetail(props: { id: string; alone: boolean; onClose: () => void }): JSX.Element {
  const t = useText()
  const screen = useTasksScreen()
  const actions = useTaskActions()
  const workspace = useWorkspace()
  const nameOf = useTaskName()
  const format = useFormat()
  let back: HTMLButtonElement | undefined
  const task = () => screen.store.byId[props.id]
  /** The editors are made anew for another task, and when a deleted one comes back. */
  const present = createMemo(() => (screen.store.has(props.id) ? props.id : null))
  const pending = createMemo(() => workspace.pendingOf(props.id)())
  const visitors = createVisitors(() => props.id)
  const editors = () => visitors().filter(({ typing }) => typing)

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href)
      showToast({ text: t('tasks.linkCopied') })
    } catch {
      showToast({ text: t('tasks.linkNotCopied') })
    }
  }
  // What hides the board takes the keyboard with it.
  createEffect(on([() => props.id, () => props.alone], ([, alone]) => alone && back?.focus()))
  const fileActions = useFileActions()
  const files = createDropAndPaste((dropped) => {
    if (present() !== null) fileActions.add(props.id, dropped)
  })
  const made = () => {
    const of = task()
    if (!of?.created_at) return null
    const by = of.created_by === null ? undefined : workspace.members.byId[of.created_by]?.display_name
    const when = format().moment(of.created_at)
    return by ? t('tasks.createdBy', by, when) : t('tasks.createdAt', when)
  }
  return (
    <section class="pane" id="task" aria-label={nameOf(task())}>
      <header class="bar">
        <IconButton
          ref={(element) => (back = element)}
          class="back mob"
          icon="arrowleft"
          label={t('tasks.back')}
          onClick={() => props.onClose()}
        />
        {/* Alone on the screen it is the page; beside the board it is a part of it. */}
        <Dynamic component={props.alone ? 'h1' : 'h2'} class="sr">
          {nameOf(task())}
        </Dynamic>
        <span class="title soft">
          {t('tasks.title')}
          <Show when={task()}>
            {(shown) => (
              <>
                {' '}
                <span class="faint">/</span> {t(`tasks.status_${shown().status}`)}
              </>
            )}
          </Show>
        </span>
        <Show when={pending()}>
          <span
            class="grain"
            role="img"
            aria-label={t('tasks.pendingHere')}
            data-tip={t('tasks.pendingHere')}
          />
        </Show>
        <span class="grow" />
        <VisitorsHere visitors={visitors()} />
        <IconButton icon="copy" label={t('tasks.copyLink')} onClick={() => void copy()} />
        <Menu
          label={t('tasks.more')}
          triggerClass="ib"
          trigger={<Icon name="more" />}
          placement="bottom-end"
          entries={() => [
            {
              label: t('tasks.delete'),
              icon: 'trash',
              tone: 'bad',
              keys: 'Delete',
              run: () => actions.remove([props.id]),
            },
          ]}
        />
        <IconButton
          class="desk"
          icon="x"
          label={t('tasks.close')}
          keys="Escape"
          onClick={() => props.onClose()}
        />
      </header>
      <Show
        when={present()}
        keyed
        fallback={
          <Show when={screen.store.filled()}>
            <Show
              when={task()}
              fallback={<EmptyState title={t('tasks.gone')}>{t('tasks.goneWhy')}</EmptyState>}
            >
              <EmptyState
                title={t('tasks.trashed')}
                action={
                  <Button
                    icon="undo"
                    onClick={() => actions.act(() => screen.store.commands.restore([props.id]), 'toast')}
                  >
                    {t('tasks.restore')}
                  </Button>
                }
              >
                {t('tasks.trashedWhy')}
              </EmptyState>
            </Show>
          </Show>
        }
      >
        {(id) => (
          <div
            class="scroll detail"
            data-drop={files.over() ? t('attachments.dropHere') : undefined}
            {...files.on}
          >
            <TitleEditor id={id} readOnly={!actions.mayEdit()} />
            <Show when={(task()?.unreadable.length ?? 0) > 0}>
              <Banner icon="alert">{t('tasks.unreadable', task()?.unreadable.join(', ') ?? '')}</Banner>
            </Show>
            <TaskFields id={id} />
            <section>
              <header>
                <h2>{t('tasks.description')}</h2>
                <span class="f1 faint">
                  <Show when={editors().length > 0}>
                    {t(
                      'presence.editing',
                      editors().map(({ name }) => name),
                    )}
                  </Show>
                </span>
              </header>
              <DescriptionEditor id={id} readOnly={!actions.mayEdit()} visitors={visitors()} />
            </section>
            <Attachments task={id} />
            <p class="f1 faint made">{made()}</p>
          </div>
        )}
      </Show>
    </section>
  )
}
