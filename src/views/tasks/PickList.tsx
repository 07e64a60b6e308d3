import { For, type JSX, Show, createMemo, createSignal, createUniqueId, onMount } from 'solid-js'
import { fold } from '../../domain/tasks/date-words.ts'
import { useText } from '../i18n/language.ts'
import { Icon } from '../kit/Icon.tsx'

export interface PickOption {
  readonly id: string
  readonly label: string
  readonly before?: () => JSX.Element
  readonly end?: string
  readonly checked: boolean
}

/** One or several of a list, by keyboard or pointer; with a search field where the list may be long. */
export function PickList(props: {
  label: string
  options: readonly PickOption[]
  searchable?: boolean
  /** several may be on: picking toggles and the list stays */
  multiple?: boolean
  /** words for making what was typed, where nothing has that name */
  createWords?: (name: string) => string
  onCreate?: (name: string) => void
  onPick: (id: string) => void
}): JSX.Element {
  const t = useText()
  const listId = createUniqueId()
  const [query, setQuery] = createSignal('')
  const [at, setAt] = createSignal(
    Math.max(
      0,
      props.options.findIndex((option) => option.checked),
    ),
  )
  let list: HTMLUListElement | undefined
  let input: HTMLInputElement | undefined

  const found = createMemo(() => {
    const wanted = fold(query().trim())
    return props.options.filter((option) => fold(option.label).includes(wanted))
  })
  const fresh = createMemo(() => {
    const name = query().trim()
    if (!props.onCreate || name === '') return null
    return props.options.some((option) => fold(option.label) === fold(name)) ? null : name
  })
  const count = () => found().length + (fresh() === null ? 0 : 1)

  const pick = (index: number) => {
    const option = found()[index]
    if (option) props.onPick(option.id)
    else {
      const name = fresh()
      if (name !== null) props.onCreate?.(name)
    }
    if (query() !== '') setQuery('')
  }
  const step = (by: number) => {
    if (count() === 0) return
    setAt((now) => (now + by + count()) % count())
    list?.children[at()]?.scrollIntoView({ block: 'nearest' })
  }
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return
    if (event.key === 'ArrowDown') step(1)
    else if (event.key === 'ArrowUp') step(-1)
    else if (event.key === 'Home' && !props.searchable) setAt(0)
    else if (event.key === 'End' && !props.searchable) setAt(count() - 1)
    else if (event.key === 'Enter' || (event.key === ' ' && !props.searchable)) pick(at())
    else if (!props.searchable && /^[1-9]$/.test(event.key) && Number(event.key) <= count())
      pick(Number(event.key) - 1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  onMount(() => (input ?? list)?.focus())

  const optionId = (index: number) => `${listId}-${index}`
  return (
    <div class="picklist" onKeyDown={press}>
      <Show when={props.searchable}>
        <span class="input">
          <Icon name="search" />
          <input
            ref={(element) => (input = element)}
            type="text"
            role="combobox"
            aria-label={props.label}
            aria-expanded="true"
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={count() > 0 ? optionId(at()) : undefined}
            placeholder={props.label}
            autocomplete="off"
            value={query()}
            onInput={(event) => {
              setQuery(event.currentTarget.value)
              setAt(0)
            }}
          />
        </span>
      </Show>
      <ul
        ref={(element) => (list = element)}
        class="options"
        id={listId}
        role="listbox"
        aria-label={props.label}
        aria-multiselectable={props.multiple ? 'true' : undefined}
        tabIndex={props.searchable ? -1 : 0}
        aria-activedescendant={props.searchable || count() === 0 ? undefined : optionId(at())}
      >
        <For each={found()}>
          {(option, index) => (
            <li
              role="option"
              id={optionId(index())}
              aria-selected={option.checked}
              data-active={index() === at() ? '' : undefined}
              onPointerMove={() => setAt(index())}
              onClick={() => pick(index())}
            >
              {option.before?.()}
              <span class="clip">{option.label}</span>
              <span class="end f1 faint">{option.end}</span>
              <Show when={option.checked}>
                <Icon name="check" class="on" />
              </Show>
            </li>
          )}
        </For>
        <Show when={fresh()}>
          {(name) => (
            <li
              role="option"
              id={optionId(found().length)}
              aria-selected="false"
              data-active={at() === found().length ? '' : undefined}
              onPointerMove={() => setAt(found().length)}
              onClick={() => pick(found().length)}
            >
              <Icon name="plus" />
              <span class="clip">{props.createWords?.(name())}</span>
            </li>
          )}
        </Show>
      </ul>
      <Show when={count() === 0}>
        <p class="faint none">{t('tasks.noMatch')}</p>
      </Show>
    </div>
  )
}
