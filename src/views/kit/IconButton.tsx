import { splitProps, type JSX } from 'solid-js'
import type { IconName } from './icon-names.ts'
import { Icon } from './Icon.tsx'

export type IconButtonProps = Omit<
  JSX.ButtonHTMLAttributes<HTMLButtonElement>,
  'class' | 'title' | 'children'
> & {
  icon: IconName
  /** Its name and its tooltip: an icon never stands alone without both. */
  label: string
  keys?: string
  /** More classes for the place it stands in, such as `back`. */
  class?: string
}

export function IconButton(props: IconButtonProps): JSX.Element {
  const [own, rest] = splitProps(props, ['icon', 'label', 'keys', 'type', 'class'])
  return (
    <button
      {...rest}
      type={own.type ?? 'button'}
      class={own.class === undefined ? 'ib' : `ib ${own.class}`}
      aria-label={own.label}
      data-tip={own.label}
      data-tip-keys={own.keys}
    >
      <Icon name={own.icon} />
    </button>
  )
}
