import { For, Show, createSignal, type JSX } from 'solid-js'
import { isPicture } from '../../domain/attachments/file-types.ts'
import type { Attachment } from '../../domain/collections/attachments.ts'
import { useTaskStore } from '../../stores/tasks/task-store-context.ts'
import { useText } from '../i18n/language.ts'
import { AddFiles, hasCamera } from './AddFiles.tsx'
import { ArrivingTile } from './ArrivingTile.tsx'
import './attachments.css'
import { useFileActions } from './file-actions.ts'
import { focusAfter } from './focus-after.ts'
import { FileRow } from './FileRow.tsx'
import { FilesStanding } from './FilesStanding.tsx'
import { Lightbox } from './Lightbox.tsx'
import { PictureTile } from './PictureTile.tsx'
import { RemovedFiles } from './RemovedFiles.tsx'

/** The files of a task. */
export function Attachments(props: { task: string }): JSX.Element {
  const t = useText()
  const actions = useFileActions()
  const { attachments } = useTaskStore()
  let section: HTMLElement | undefined
  const remove = (attachment: Attachment) => {
    if (section) focusAfter(section, attachment.id, () => actions.remove(attachment))
  }
  const [open, setOpen] = createSignal<string>()
  const all = () => attachments.of(props.task)
  const pictures = () => all().filter(({ mime }) => isPicture(mime))
  const others = () => all().filter(({ mime }) => !isPicture(mime))
  const arriving = () => attachments.arrivingFor(props.task)
  const none = () => {
    if (!actions.mayEdit()) return t('attachments.noneToRead')
    return t(hasCamera() ? 'attachments.noneByHand' : 'attachments.none')
  }
  return (
    <section class="attachments" ref={(element) => (section = element)}>
      <header>
        <h2>{t('attachments.title')}</h2>
        <Show when={all().length > 0}>
          <span class="faint f1">{all().length}</span>
        </Show>
        <span class="grow" />
        <Show when={actions.mayEdit()}>
          <AddFiles onFiles={(files) => actions.add(props.task, files)} />
        </Show>
      </header>
      <Show when={all().length + arriving().length === 0}>
        <p class="f1 faint">{none()}</p>
      </Show>
      <Show when={pictures().length + arriving().length > 0}>
        <ul class="pics">
          <For each={pictures()}>
            {(attachment) => (
              <PictureTile
                attachment={attachment}
                mayEdit={actions.mayEdit()}
                onOpen={() => setOpen(attachment.id)}
                onRemove={() => remove(attachment)}
              />
            )}
          </For>
          <For each={arriving()}>{({ file }) => <ArrivingTile file={file} />}</For>
        </ul>
      </Show>
      <Show when={others().length > 0}>
        <ul class="files">
          <For each={others()}>
            {(attachment) => (
              <FileRow
                attachment={attachment}
                mayEdit={actions.mayEdit()}
                onSave={() => void actions.save(attachment)}
                onRemove={() => remove(attachment)}
              />
            )}
          </For>
        </ul>
      </Show>
      <FilesStanding attachments={all()} />
      <Show when={actions.mayEdit()}>
        <RemovedFiles removed={attachments.removedFrom(props.task)} onRestore={actions.restore} />
      </Show>
      <Show when={open()}>
        {(id) => (
          <Lightbox
            pictures={pictures()}
            at={id()}
            mayEdit={actions.mayEdit()}
            onGo={setOpen}
            onSave={(attachment) => void actions.save(attachment)}
            onRemove={remove}
            onClose={() => setOpen(undefined)}
          />
        )}
      </Show>
    </section>
  )
}
