import { Show, onCleanup, type JSX } from 'solid-js'
import { isPicture } from '../../domain/attachments/file-types.ts'
import { useText } from '../i18n/language.ts'
import { Icon } from '../kit/Icon.tsx'

/** What was just chosen, seen at once, while it is read and made smaller. */
export function ArrivingTile(props: { file: File }): JSX.Element {
  const t = useText()
  // The file of a tile does not change.
  // oxlint-disable-next-line solid/reactivity -- see above
  const url = isPicture(props.file.type) ? URL.createObjectURL(props.file) : undefined
  onCleanup(() => {
    if (url !== undefined) URL.revokeObjectURL(url)
  })
  return (
    <li
      class="pic"
      data-state="waiting"
      role="status"
      aria-label={t('attachments.arriving', props.file.name)}
    >
      <Show
        when={url}
        fallback={
          <span class="pic-none">
            <Icon name="file" />
          </span>
        }
      >
        {(shown) => <img src={shown()} alt="" decoding="async" />}
      </Show>
    </li>
  )
}
