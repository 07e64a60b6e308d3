import { For, type JSX, Show, createMemo } from 'solid-js'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useText } from '../i18n/language.ts'
import { Avatar } from '../kit/Avatar.tsx'
import { useNamed } from '../shell/people-here.ts'
import { useTasksScreen } from './screen-state.ts'

const MOST = 3

/** Others who have this task open, by name. */
export function createVisitors(id: () => string) {
  const screen = useTasksScreen()
  const { presence } = useWorkspace()
  const named = useNamed()
  return createMemo(() => named(presence.at(screen.store.board, id())))
}

type Visitors = ReturnType<typeof createVisitors>

export type NamedVisitor = ReturnType<Visitors>[number]

/** Their faces, each with a ring; nothing when nobody is there. */
export function TaskVisitors(props: { visitors: ReturnType<Visitors>; size: 18 | 20 }): JSX.Element {
  const t = useText()
  const words = () =>
    t(
      'presence.haveItOpen',
      props.visitors.map(({ name }) => name),
    )
  return (
    <Show when={props.visitors.length > 0}>
      <span class="avs" data-here aria-hidden="true" data-tip={words()}>
        <For each={props.visitors.slice(0, MOST)}>
          {({ id, name }) => <Avatar id={id} name={name} size={props.size} />}
        </For>
      </span>
    </Show>
  )
}

/** The same at the head of the task itself, where a voice reads it too. */
export function VisitorsHere(props: { visitors: ReturnType<Visitors> }): JSX.Element {
  return (
    <Show when={props.visitors.length > 0}>
      <TaskVisitors visitors={props.visitors} size={20} />
      <VisitorWords visitors={props.visitors} />
    </Show>
  )
}

/** The same for a voice, inside of the link that opens the task. */
export function VisitorWords(props: { visitors: ReturnType<Visitors> }): JSX.Element {
  const t = useText()
  return (
    <Show when={props.visitors.length > 0}>
      <span class="sr">
        ,{' '}
        {t(
          'presence.haveItOpen',
          props.visitors.map(({ name }) => name),
        )}
      </span>
    </Show>
  )
}
