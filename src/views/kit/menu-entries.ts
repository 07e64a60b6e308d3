import type { JSX } from 'solid-js'
import type { IconName } from './icon-names.ts'

export type MenuItem = {
  kind?: 'item'
  label: string
  icon?: IconName
  /** Drawn before the words in place of an icon, such as a label's dot or a face. */
  before?: JSX.Element
  keys?: string
  end?: string
  tone?: 'bad'
  disabled?: boolean
  /** Given: the entry is one of a set, on or off. */
  checked?: boolean
  /** A choice of several stays open, so that more can be ticked. */
  keepOpen?: boolean
  run: () => void
}

export type MenuEntry = MenuItem | { kind: 'separator' } | { kind: 'heading'; label: string }
export type MenuPlacement = 'bottom-start' | 'bottom-end' | 'top-start' | 'top-end' | 'right-start'
