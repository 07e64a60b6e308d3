import { type Accessor, For, type JSX, Match, Show, Switch } from 'solid-js'
import type { TaskStatus } from '../../domain/collections/tasks.ts'
import type { LocalNow } from '../../domain/tasks/calendar-day.ts'
import type { QuickAdd, QuickAddToken } from '../../domain/tasks/quick-add.ts'
import { useText } from '../i18n/language.ts'
import { Avatar } from '../kit/Avatar.tsx'
import { Icon } from '../kit/Icon.tsx'
import { statusIcon, useDueWords } from './task-words.ts'

/** What the line says so far; closing a chip turns its words back into text. */
export function QuickAddChips(props: {
  parsed: QuickAdd
  status: TaskStatus | null
  now: Accessor<LocalNow>
  onUntoken: (token: QuickAddToken) => void
}): JSX.Element {
  const t = useText()
  const dueWords = useDueWords(() => props.now())
  const wordsOf = (token: QuickAddToken): string => {
    if (token.kind === 'label') return token.id === null ? t('tasks.newLabel', token.name) : `#${token.name}`
    if (token.kind === 'assignee') return token.name.split(' ')[0] ?? token.name
    if (token.kind === 'priority') return token.priority.toUpperCase()
    return dueWords(token.due).text
  }
  return (
    <Show when={props.parsed.tokens.length > 0 || props.status !== null}>
      <span class="quick-chips">
        <Show when={props.status}>
          {(status) => (
            <span class="chip">
              <Icon name={statusIcon[status()]} />
              {t(`tasks.status_${status()}`)}
            </span>
          )}
        </Show>
        <For each={props.parsed.tokens}>
          {(token) => (
            <button
              type="button"
              class="chip"
              // Dry: a label that is not there yet.
              data-fresh={token.kind === 'label' && token.id === null ? '' : undefined}
              data-tip={t('tasks.removeToken', wordsOf(token))}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => props.onUntoken(token)}
            >
              <Switch>
                <Match when={token.kind === 'assignee' && token}>
                  {(person) => <Avatar id={person().id} name={person().name} size={16} />}
                </Match>
                <Match when={token.kind === 'label' && token.id === null}>
                  <Icon name="plus" />
                </Match>
                <Match when={token.kind === 'due'}>
                  <Icon name="calendar" />
                </Match>
                <Match when={token.kind === 'priority' && token}>
                  {(priority) => <Icon name={priority().priority} />}
                </Match>
              </Switch>
              {token.kind === 'label' ? `#${token.name}` : wordsOf(token)}
              <span class="sr">, {t('tasks.asText')}</span>
            </button>
          )}
        </For>
      </span>
    </Show>
  )
}
