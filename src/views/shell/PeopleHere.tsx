import { For, Show, type JSX } from 'solid-js'
import { useText } from '../i18n/language.ts'
import { Avatar } from '../kit/Avatar.tsx'
import { createPeopleHere } from './people-here.ts'

/** The others who are here, as faces: so many of them, and a number for the rest. Nothing when one is alone. */
export function PeopleHere(props: { most: number; size: 20 | 24; class?: string }): JSX.Element {
  const t = useText()
  const people = createPeopleHere()
  const shown = () => people().slice(0, people().length > props.most ? props.most - 1 : props.most)
  const rest = () => people().slice(shown().length)
  return (
    <Show when={people().length > 0}>
      <ul class={`here ${props.class ?? ''}`} aria-label={t('presence.here')}>
        <For each={shown()}>
          {({ id, name, away }) => (
            <li data-away={away ? '' : undefined}>
              <Avatar id={id} name={name} size={props.size} label={away ? t('presence.away', name) : name} />
            </li>
          )}
        </For>
        <Show when={rest().length > 0}>
          <li
            class="more f1"
            data-tip={rest()
              .map(({ name }) => name)
              .join(', ')}
          >
            <span aria-hidden="true">+{rest().length}</span>
            <span class="sr">{t('presence.andMore', rest().length)}</span>
          </li>
        </Show>
      </ul>
    </Show>
  )
}
