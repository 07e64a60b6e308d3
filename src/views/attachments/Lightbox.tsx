import { Show, createEffect, createSignal, on, onMount, type JSX } from 'solid-js'
import type { Attachment } from '../../domain/collections/attachments.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'
import { IconButton } from '../kit/IconButton.tsx'
import { useFileWords } from './file-words.ts'
import { createShownPicture } from './shown-file.ts'
import { createStanding } from './standing.ts'
import { createSwipe } from './swipe.ts'

/** One picture over everything, with its neighbours an arrow away. */
export function Lightbox(props: {
  pictures: readonly Attachment[]
  at: string
  mayEdit: boolean
  onGo: (id: string) => void
  onSave: (attachment: Attachment) => void
  onRemove: (attachment: Attachment) => void
  onClose: () => void
}): JSX.Element {
  const t = useText()
  const format = useFormat()
  const words = useFileWords()
  let dialog: HTMLDialogElement | undefined
  const index = () => props.pictures.findIndex(({ id }) => id === props.at)
  const now = () => props.pictures[index()]
  const step = (by: 1 | -1) => {
    const next = props.pictures[index() + by]
    if (next) props.onGo(next.id)
  }
  // The platform's own dialog: it holds the focus, gives it back, and leaves by Escape and by the back gesture.
  onMount(() => dialog?.showModal())
  createEffect(() => {
    // Removed, by anybody.
    if (!now()) props.onClose()
  })
  return (
    <dialog
      ref={(element) => (dialog = element)}
      class="lightbox"
      aria-label={now()?.name ?? t('attachments.lightbox')}
      onClose={() => props.onClose()}
      onClick={(event) => {
        if (event.target === event.currentTarget) dialog?.close()
      }}
      {...createSwipe(step)}
      onKeyDown={(event) => {
        // The board below has keys of its own.
        event.stopPropagation()
        if (event.key === 'ArrowLeft') step(-1)
        if (event.key === 'ArrowRight') step(1)
      }}
    >
      <Show when={now()}>
        {(attachment) => (
          <>
            <header>
              <span class="what">
                <b class="clip">{attachment().name}</b>
                <small>
                  {words.addedBy(attachment())}, {format().bytes(attachment().bytes)}
                  <Standing attachment={attachment()} />
                </small>
              </span>
              <Show when={props.pictures.length > 1}>
                <span class="f1" aria-live="polite">
                  {t('attachments.place', index() + 1, props.pictures.length)}
                </span>
              </Show>
              <IconButton
                icon="download"
                label={t('attachments.save')}
                onClick={() => props.onSave(attachment())}
              />
              <Show when={props.mayEdit}>
                <IconButton
                  icon="trash"
                  label={t('attachments.remove')}
                  onClick={() => props.onRemove(attachment())}
                />
              </Show>
              <IconButton icon="x" label={t('attachments.close')} onClick={() => dialog?.close()} />
            </header>
            <Large attachment={attachment()} />
            <Show when={props.pictures.length > 1}>
              <IconButton
                class="go before"
                icon="arrowleft"
                label={t('attachments.previous')}
                disabled={index() === 0}
                onClick={() => step(-1)}
              />
              <IconButton
                class="go after"
                icon="arrowright"
                label={t('attachments.next')}
                disabled={index() === props.pictures.length - 1}
                onClick={() => step(1)}
              />
            </Show>
          </>
        )}
      </Show>
    </dialog>
  )
}

function Large(props: { attachment: Attachment }): JSX.Element {
  const t = useText()
  const words = useFileWords()
  const shown = createShownPicture(
    () => props.attachment,
    () => true,
  )
  const [undrawable, setUndrawable] = createSignal(false)
  createEffect(on(shown, () => setUndrawable(false)))
  const url = () => {
    const now = shown()
    return now.kind === 'picture' && !undrawable() ? now.url : undefined
  }
  return (
    <figure>
      <Show
        when={url()}
        fallback={
          <Show when={shown().kind !== 'loading'}>
            <p>
              {undrawable() ? t('attachments.undrawable') : words.absent(shown().kind, props.attachment).long}
            </p>
          </Show>
        }
      >
        {(source) => (
          <img
            src={source()}
            alt={props.attachment.name}
            onError={() => setUndrawable(true)}
            width={props.attachment.width ?? undefined}
            height={props.attachment.height ?? undefined}
          />
        )}
      </Show>
    </figure>
  )
}

function Standing(props: { attachment: Attachment }): JSX.Element {
  const words = useFileWords()
  const state = createStanding(() => props.attachment)
  const said = () => words.state(state(), props.attachment.bytes)
  return <Show when={said()}>, {said()}</Show>
}
