import { For, type JSX, Show, createMemo, createSignal, createUniqueId, onMount } from 'solid-js'
import { addDays, weekday } from '../../domain/tasks/calendar-day.ts'
import { readDatePhrase } from '../../domain/tasks/date-phrase.ts'
import { fold } from '../../domain/tasks/date-words.ts'
import type { Due } from '../../domain/tasks/due.ts'
import { useFormat } from '../i18n/format.ts'
import { language, useText } from '../i18n/language.ts'
import { Icon } from '../kit/Icon.tsx'
import { useTasksScreen } from './screen-state.ts'
import { useDueWords } from './task-words.ts'

/** A due date: written as one would say it, one of the near days, or from the calendar. */
export function DuePicker(props: { value: Due | null; onPick: (due: Due | null) => void }): JSX.Element {
  const t = useText()
  const format = useFormat()
  const screen = useTasksScreen()
  const words = useDueWords(screen.now)
  const hintId = createUniqueId()
  const [phrase, setPhrase] = createSignal('')
  let input: HTMLInputElement | undefined
  let calendar: HTMLInputElement | undefined

  const read = createMemo((): Due | null => {
    const text = fold(phrase().trim())
    const found = text === '' ? null : readDatePhrase(text, 0, { now: screen.now(), locale: language() })
    return found && found.end === text.length ? found.due : null
  })
  const nearDays = createMemo(() => {
    const { day } = screen.now()
    const monday = addDays(day, (8 - weekday(day)) % 7 || 7)
    return [
      { day, label: t('tasks.today') },
      { day: addDays(day, 1), label: t('tasks.tomorrow') },
      { day: monday, label: t('tasks.nextMonday') },
    ]
  })
  onMount(() => input?.focus())
  return (
    <div class="picklist due-picker">
      <span class="input">
        <Icon name="calendar" />
        <input
          ref={(element) => (input = element)}
          type="text"
          aria-label={t('tasks.due')}
          aria-describedby={hintId}
          placeholder={t('tasks.dueHint')}
          autocomplete="off"
          value={phrase()}
          onInput={(event) => setPhrase(event.currentTarget.value)}
          onKeyDown={(event) => {
            const due = read()
            if (event.key !== 'Enter' || !due) return
            event.preventDefault()
            props.onPick(due)
          }}
        />
      </span>
      <p class="f1 faint none" id={hintId} aria-live="polite">
        {read()
          ? words(read() ?? { day: screen.now().day, time: null }).text
          : phrase() === ''
            ? ''
            : t('tasks.dueUnknown')}
      </p>
      <div class="menu-plain">
        <For each={nearDays()}>
          {(near) => (
            <button type="button" onClick={() => props.onPick({ day: near.day, time: null })}>
              <Icon name="calendar" />
              {near.label}
              <span class="end f1 faint">{format().day(near.day)}</span>
            </button>
          )}
        </For>
        <span class="calendar">
          <button type="button" onClick={() => calendar?.showPicker()}>
            <Icon name="calendar" />
            {t('tasks.pickDay')}
          </button>
          {/* The browser's own calendar, opened by the button in its own words. */}
          <input
            ref={(element) => (calendar = element)}
            type="date"
            tabIndex={-1}
            aria-hidden="true"
            value={props.value?.day ?? ''}
            onChange={(event) => {
              const day = event.currentTarget.value
              if (day !== '') props.onPick({ day, time: props.value?.time ?? null })
            }}
          />
        </span>
        <Show when={props.value}>
          <button type="button" onClick={() => props.onPick(null)}>
            <Icon name="x" />
            {t('tasks.noDue')}
          </button>
        </Show>
      </div>
    </div>
  )
}
