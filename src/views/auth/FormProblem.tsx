import { Show, type JSX } from 'solid-js'
import { Icon } from '../kit/Icon.tsx'

/** What the server said, read aloud when it comes; what was typed stays. */
export function FormProblem(props: { words: string | undefined }): JSX.Element {
  return (
    <div class="problem" role="alert">
      <Show when={props.words}>
        <Icon name="alert" />
        <span>{props.words}</span>
      </Show>
    </div>
  )
}
