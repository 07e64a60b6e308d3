import { type JSX, Show } from 'solid-js'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useText } from '../i18n/language.ts'
import { Avatar } from '../kit/Avatar.tsx'

/** Who does it, as a face; nothing where it is nobody. */
export function Assignee(props: { id: string | null; size: 18 | 20 | 24 }): JSX.Element {
  const { members } = useWorkspace()
  const t = useText()
  return (
    <Show when={props.id}>
      {(id) => {
        const name = () => members.byId[id()]?.display_name || t('tasks.formerMember')
        return <Avatar id={id()} name={name()} size={props.size} label={name()} />
      }}
    </Show>
  )
}
