import { Show, type JSX } from 'solid-js'
import { fileKind } from '../../domain/attachments/file-types.ts'
import type { Attachment } from '../../domain/collections/attachments.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'
import type { IconName } from '../kit/icon-names.ts'
import { Icon } from '../kit/Icon.tsx'
import { IconButton } from '../kit/IconButton.tsx'
import { useFileWords } from './file-words.ts'
import { FileMark } from './PictureTile.tsx'
import { createStanding } from './standing.ts'

const icons = {
  picture: 'picture',
  photo: 'picture',
  audio: 'mic',
  video: 'film',
  document: 'file',
} as const satisfies Record<ReturnType<typeof fileKind>, IconName>

/** A file that is not shown in place; a click hands it over. */
export function FileRow(props: {
  attachment: Attachment
  mayEdit: boolean
  onSave: () => void
  onRemove: () => void
}): JSX.Element {
  const t = useText()
  const format = useFormat()
  const words = useFileWords()
  const state = createStanding(() => props.attachment)
  const isUnsent = () => ['waiting', 'sending', 'failed'].includes(state().kind)
  const said = () => words.state(state(), props.attachment.bytes)
  return (
    <li class="file" data-file={props.attachment.id} data-state={isUnsent() ? state().kind : undefined}>
      <Icon name={icons[fileKind(props.attachment.mime)]} />
      <span class="what">
        <span class="clip">{props.attachment.name}</span>
        <small>
          {format().bytes(props.attachment.bytes)}
          <Show when={said()}>, {said()}</Show>
        </small>
      </span>
      <FileMark state={state()} bytes={props.attachment.bytes} />
      <IconButton
        icon="download"
        label={t('attachments.saveFile', props.attachment.name)}
        onClick={() => props.onSave()}
      />
      <Show when={props.mayEdit}>
        <IconButton
          icon="x"
          label={t('attachments.removeFile', props.attachment.name)}
          onClick={() => props.onRemove()}
        />
      </Show>
    </li>
  )
}
