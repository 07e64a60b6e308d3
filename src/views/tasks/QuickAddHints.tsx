import { For, type JSX, Show } from 'solid-js'
import { useText } from '../i18n/language.ts'
import { Avatar } from '../kit/Avatar.tsx'
import { Icon } from '../kit/Icon.tsx'
import { LabelTag } from './LabelTag.tsx'
import type { CompletionOption } from './quick-add-completions.ts'

/** Under the line: what the # or @ may become. The keyboard stays in the line. */
export function QuickAddHints(props: {
  id: string
  options: readonly CompletionOption[]
  active: number
  onPick: (index: number) => void
}): JSX.Element {
  const t = useText()
  return (
    <ul
      class="menu hints"
      role="listbox"
      id={props.id}
      aria-label={t('tasks.suggestions')}
      hidden={props.options.length === 0}
    >
      <For each={props.options}>
        {(option, index) => (
          <li
            role="option"
            id={`${props.id}-${index()}`}
            aria-selected={index() === props.active}
            data-active={index() === props.active ? '' : undefined}
            // Keeps the focus in the line.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => props.onPick(index())}
          >
            <Show
              when={!option.fresh}
              fallback={
                <>
                  <Icon name="plus" />
                  {t('tasks.createLabel', option.name)}
                </>
              }
            >
              <Show when={option.kind === 'member'} fallback={<LabelTag id={option.id} />}>
                <Avatar id={option.id} name={option.name} size={20} />
                {option.name}
              </Show>
            </Show>
          </li>
        )}
      </For>
    </ul>
  )
}
