import { type JSX, Show } from 'solid-js'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { type Pigment, pigments } from '../kit/pigments.ts'
import { Tag } from '../kit/Tag.tsx'

function pigmentOf(id: string): Pigment {
  const { labels } = useWorkspace()
  return pigments.find((one) => one === labels.byId[id]?.pigment) ?? 'shell'
}

/** A label by its id; nothing where the label is gone. */
export function LabelTag(props: { id: string }): JSX.Element {
  const { labels } = useWorkspace()
  return (
    <Show when={labels.byId[props.id]?.name}>
      {(name) => <Tag pigment={pigmentOf(props.id)}>{name()}</Tag>}
    </Show>
  )
}

/** Only its colour, where its name stands beside it. */
export function LabelDot(props: { id: string }): JSX.Element {
  return <Tag pigment={pigmentOf(props.id)}>{''}</Tag>
}
