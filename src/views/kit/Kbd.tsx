import { For, type JSX } from 'solid-js'
import { keyLabels } from './key-labels.ts'

/** Keys in the words of this person's keyboard: `$mod+K` is ⌘K on a Mac and Ctrl K elsewhere. */
export function Kbd(props: { keys: string }): JSX.Element {
  return <For each={keyLabels(props.keys)}>{(press) => <kbd>{press}</kbd>}</For>
}
