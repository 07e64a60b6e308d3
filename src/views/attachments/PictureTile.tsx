import { Match, Show, Switch, createSignal, type JSX } from 'solid-js'
import type { Attachment } from '../../domain/collections/attachments.ts'
import { uploadChoices } from '../../stores/attachments/upload-choices.ts'
import type { FileState } from '../../stores/attachments/workspace-files.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'
import { Icon } from '../kit/Icon.tsx'
import { IconButton } from '../kit/IconButton.tsx'
import { useFileWords } from './file-words.ts'
import { createShownPicture } from './shown-file.ts'
import { createStanding } from './standing.ts'

/** More than this is fetched only when it is asked for, where bytes may cost. */
const FETCHED_UNASKED = 5_000_000

/** A picture of a task: dashed with a hollow grain while it is only on this device. */
export function PictureTile(props: {
  attachment: Attachment
  mayEdit: boolean
  onOpen: () => void
  onRemove: () => void
}): JSX.Element {
  const t = useText()
  const format = useFormat()
  const words = useFileWords()
  const { files } = useWorkspace()
  const [asked, setAsked] = createSignal(false)
  const [undrawable, setUndrawable] = createSignal(false)
  const state = createStanding(() => props.attachment)
  const isHere = () => files.stateOf(props.attachment.sha256).kind !== 'away'
  const isSmall = () => props.attachment.bytes <= FETCHED_UNASKED && !uploadChoices.wifiOnly()
  const shown = createShownPicture(
    () => props.attachment,
    () => asked() || isHere() || isSmall(),
  )
  const picture = () => {
    const now = shown()
    return now.kind === 'picture' && !undrawable() ? now.url : undefined
  }
  const said = () => words.state(state(), props.attachment.bytes)
  const label = () => {
    const { name, bytes } = props.attachment
    if (shown().kind === 'unasked') return t('attachments.fetchPicture', name, format().bytes(bytes))
    return [t('attachments.openPicture', name), said()].filter(Boolean).join(', ')
  }
  const isUnsent = () => ['waiting', 'sending', 'failed'].includes(state().kind)
  return (
    <li class="pic" data-file={props.attachment.id} data-state={isUnsent() ? state().kind : undefined}>
      <button
        type="button"
        class="pic-open"
        aria-label={label()}
        data-tip={said() ? `${props.attachment.name}, ${said()}` : props.attachment.name}
        onClick={() => (shown().kind === 'unasked' ? setAsked(true) : props.onOpen())}
      >
        <Switch
          fallback={
            <span class="pic-none">
              <Icon name={shown().kind === 'nowhere' ? 'clock' : 'picture'} />
              <small>{words.absent(shown().kind, props.attachment).short}</small>
            </span>
          }
        >
          <Match when={picture()}>
            {(url) => (
              <img
                src={url()}
                alt=""
                decoding="async"
                draggable={false}
                onError={() => setUndrawable(true)}
              />
            )}
          </Match>
          <Match when={undrawable()}>
            <span class="pic-none">
              <Icon name="picture" />
              <small>{format().bytes(props.attachment.bytes)}</small>
            </span>
          </Match>
          <Match when={shown().kind === 'loading'}>
            <span class="pic-none" data-loading="" />
          </Match>
          <Match when={shown().kind === 'unasked'}>
            <span class="pic-none">
              <Icon name="download" />
              <small>{format().bytes(props.attachment.bytes)}</small>
            </span>
          </Match>
        </Switch>
        <FileMark state={state()} bytes={props.attachment.bytes} />
      </button>
      <Show when={props.mayEdit}>
        <IconButton
          class="pic-x"
          icon="x"
          label={t('attachments.removeFile', props.attachment.name)}
          onClick={() => props.onRemove()}
        />
      </Show>
    </li>
  )
}

/** Shape before word: a grain waits, a bar fills, a triangle asks for a person. */
export function FileMark(props: { state: FileState; bytes: number }): JSX.Element {
  const sent = () => (props.state.kind === 'sending' ? (props.state.sent / props.bytes) * 100 : 0)
  return (
    <Switch>
      <Match when={props.state.kind === 'waiting'}>
        <span class="file-mark">
          <span class="grain" />
        </span>
      </Match>
      <Match when={props.state.kind === 'failed'}>
        <span class="file-mark" data-tone="bad">
          <Icon name="alert" size={14} />
        </span>
      </Match>
      <Match when={props.state.kind === 'sending'}>
        <span class="bar-p" style={{ '--v': `${sent()}%` }}>
          <i />
        </span>
      </Match>
    </Switch>
  )
}
