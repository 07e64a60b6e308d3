import { For, type JSX, Show, createEffect, createMemo, createSignal, createUniqueId } from 'solid-js'
import type { Accessor } from 'solid-js'
import type { TaskStatus } from '../../domain/collections/tasks.ts'
import type { LocalNow } from '../../domain/tasks/calendar-day.ts'
import { type QuickAddToken, escapeToken, parseQuickAdd } from '../../domain/tasks/quick-add.ts'
import { useTaskStore } from '../../stores/tasks/task-store-context.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { language, useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { IconButton } from '../kit/IconButton.tsx'
import { showToast } from '../kit/show-toast.ts'
import { QuickAddChips } from './QuickAddChips.tsx'
import { QuickAddHints } from './QuickAddHints.tsx'
import { createCompletions } from './quick-add-completions.ts'

/** The line that becomes a task. What it understood stands in the line as tinted words and beside it as chips. */
export default function QuickAdd(props: {
  now: Accessor<LocalNow>
  /** the column it adds to, where one was chosen */
  status: TaskStatus | null
  /** the phone's bar: always there, and it does not take the keyboard by itself */
  resting?: boolean
  /** asked for just now: the keyboard comes here */
  active?: boolean
  onAdded: (id: string, title: string) => void
  onFocus?: () => void
  /** left with nothing written */
  onLeave?: () => void
  onClose: () => void
}): JSX.Element {
  const t = useText()
  const workspace = useWorkspace()
  const store = useTaskStore()
  const [line, setLine] = createSignal('')
  const listId = createUniqueId()
  let input: HTMLInputElement | undefined
  let echo: HTMLDivElement | undefined

  const labels = createMemo(() =>
    workspace.labels.ids().map((id) => ({ id, name: workspace.labels.byId[id]?.name ?? '' })),
  )
  const members = createMemo(() =>
    workspace.members.ids().map((id) => ({ id, name: workspace.members.byId[id]?.display_name ?? '' })),
  )
  const parsed = createMemo(() =>
    parseQuickAdd(line(), {
      now: props.now(),
      locale: language(),
      labels: labels(),
      members: members(),
      self: workspace.person.id,
    }),
  )
  const completions = createCompletions({ line, labels, members })

  const write = (text: string, caret: number) => {
    setLine(text)
    if (!input) return
    input.value = text
    input.setSelectionRange(caret, caret)
    input.focus()
    completions.close()
  }
  const accept = (index: number) => {
    const written = completions.accept(index)
    if (written) write(written.line, written.caret)
  }
  const untoken = (token: QuickAddToken) => {
    const text = escapeToken(line(), token)
    write(text, text.length)
  }
  const submit = () => {
    const draft = parsed()
    if (draft.title === '') return input?.focus()
    if (workspace.workspace.role === 'viewer') return void showToast({ text: t('tasks.readOnly') })
    const id = store.commands.add({ ...draft, ...(props.status ? { status: props.status } : {}) })
    write('', 0)
    props.onAdded(id, draft.title)
  }
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return
    const choosing = completions.options().length > 0
    if (choosing && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      completions.step(event.key === 'ArrowDown' ? 1 : -1)
    } else if (choosing && (event.key === 'Enter' || event.key === 'Tab')) {
      accept(completions.active())
    } else if (choosing && event.key === 'Escape') {
      completions.close()
    } else if (event.key === 'Enter') {
      submit()
    } else if (event.key === 'Escape') {
      if (props.resting) input?.blur()
      props.onClose()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  createEffect(() => {
    if (!props.resting || props.active) input?.focus()
  })

  return (
    <div class="quick-place">
      <div class="quick" data-filled={line() === '' ? undefined : ''}>
        <Icon name="plus" />
        <div class="write">
          <div class="echo" aria-hidden="true" ref={(element) => (echo = element)}>
            <For each={segmentsOf(line(), parsed().tokens)}>
              {(segment) => <span data-token={segment.token ? '' : undefined}>{segment.text}</span>}
            </For>
          </div>
          <input
            ref={(element) => (input = element)}
            type="text"
            role="combobox"
            aria-label={t('tasks.quickAddLabel')}
            aria-description={t('tasks.quickAddHelp')}
            aria-expanded={completions.options().length > 0}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={
              completions.options().length > 0 ? `${listId}-${completions.active()}` : undefined
            }
            placeholder={props.resting ? t('tasks.addPhone') : t('tasks.quickAddHint')}
            autocomplete="off"
            enterkeyhint="done"
            value={line()}
            onInput={(event) => {
              setLine(event.currentTarget.value)
              completions.follow(event.currentTarget.selectionStart ?? 0)
            }}
            onKeyDown={press}
            onScroll={(event) => echo && (echo.scrollLeft = event.currentTarget.scrollLeft)}
            onFocus={() => props.onFocus?.()}
            onBlur={() => {
              completions.close()
              if (line() === '') props.onLeave?.()
            }}
          />
        </div>
        <QuickAddChips parsed={parsed()} status={props.status} now={props.now} onUntoken={untoken} />
        <span class="grow" />
        <Show when={!props.resting || line() !== ''}>
          <Button kind="primary" size="s" keys="Enter" disabled={parsed().title === ''} onClick={submit}>
            {t('tasks.add')}
          </Button>
        </Show>
        <Show when={!props.resting}>
          <IconButton icon="x" label={t('tasks.close')} keys="Escape" onClick={() => props.onClose()} />
        </Show>
      </div>
      <QuickAddHints
        id={listId}
        options={completions.options()}
        active={completions.active()}
        onPick={accept}
      />
    </div>
  )
}

function segmentsOf(line: string, tokens: readonly QuickAddToken[]): { text: string; token: boolean }[] {
  const segments: { text: string; token: boolean }[] = []
  let from = 0
  for (const { start, end } of tokens) {
    if (start > from) segments.push({ text: line.slice(from, start), token: false })
    segments.push({ text: line.slice(start, end), token: true })
    from = end
  }
  // The last one is never empty: an empty line keeps its height.
  segments.push({ text: `${line.slice(from)}\u200B`, token: false })
  return segments
}
