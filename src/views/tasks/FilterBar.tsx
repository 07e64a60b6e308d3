import { For, type JSX, Match, Show, Switch } from 'solid-js'
import { isFiltering, NO_FILTER } from '../../domain/tasks/filter.ts'
import { useText } from '../i18n/language.ts'
import { Avatar } from '../kit/Avatar.tsx'
import { Button } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { Menu } from '../kit/Menu.tsx'
import { useFilterChoices } from './filter-choices.tsx'
import { LabelDot } from './LabelTag.tsx'
import { useTasksScreen } from './screen-state.ts'
import { focusTask } from './task-elements.ts'

/** What is shown of the board, as chips that close. */
export function FilterBar(props: { searching: boolean; onSearchEnd: () => void }): JSX.Element {
  const t = useText()
  const screen = useTasksScreen()
  const choices = useFilterChoices()
  const text = () => screen.view().filter.text
  return (
    <div class="sub filters" role="group" aria-label={t('tasks.filters')}>
      <Show when={props.searching || text() !== ''}>
        <span class="input search">
          <Icon name="search" size={14} />
          <input
            ref={(element) => queueMicrotask(() => props.searching && element.focus())}
            type="search"
            id="task-search"
            aria-label={t('tasks.search')}
            placeholder={t('tasks.searchHint')}
            value={text()}
            onInput={(event) => screen.filterBy({ text: event.currentTarget.value })}
            onKeyDown={(event) => {
              const [first] = screen.shown()
              if ((event.key === 'ArrowDown' || event.key === 'Enter') && first !== undefined) {
                event.preventDefault()
                focusTask(first)
              }
              if (event.key !== 'Escape') return
              event.stopPropagation()
              screen.filterBy({ text: '' })
              props.onSearchEnd()
            }}
            onBlur={() => text() === '' && props.onSearchEnd()}
          />
        </span>
      </Show>
      <For each={choices.active()}>
        {(filter) => (
          <button
            type="button"
            class="chip"
            data-on
            aria-label={t('tasks.removeFilter', filter.words)}
            onClick={() => filter.remove()}
          >
            <Switch fallback={<Icon name="calendar" />}>
              <Match when={filter.kind === 'assignee' && filter.id !== 'none'}>
                <Avatar id={filter.id} name={filter.words} size={16} />
              </Match>
              <Match when={filter.kind === 'assignee'}>
                <Icon name="user" />
              </Match>
              <Match when={filter.kind === 'label'}>
                <LabelDot id={filter.id} />
              </Match>
            </Switch>
            {filter.words}
            <Icon name="x" />
          </button>
        )}
      </For>
      <Menu
        label={t('tasks.filterBy')}
        triggerClass="chip"
        trigger={
          <>
            <Icon name="filter" />
            {t('tasks.filter')}
          </>
        }
        entries={choices.entries}
      />
      <span class="grow" />
      <Show when={isFiltering(screen.view().filter)}>
        <Button kind="ghost" size="s" onClick={() => screen.show({ filter: NO_FILTER })}>
          {t('tasks.clearFilters')}
        </Button>
      </Show>
    </div>
  )
}
