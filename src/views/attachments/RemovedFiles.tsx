import { For, Show, type JSX } from 'solid-js'
import type { Attachment } from '../../domain/collections/attachments.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'

const TRASH = 7 * 86_400_000

/** What was removed lately, to be had back. */
export function RemovedFiles(props: {
  removed: readonly Attachment[]
  onRestore: (attachment: Attachment) => void
}): JSX.Element {
  const t = useText()
  const format = useFormat()
  return (
    <Show when={props.removed.length > 0}>
      <details class="removed">
        <summary class="f1 faint">{t('attachments.removedOnes', props.removed.length)}</summary>
        <ul>
          <For each={props.removed}>
            {(attachment) => (
              <li class="file">
                <span class="what">
                  <span class="clip">{attachment.name}</span>
                  <small>
                    {t('attachments.restoreUntil', format().day((attachment.deleted_at ?? 0) + TRASH))}
                  </small>
                </span>
                <Button
                  size="s"
                  icon="undo"
                  aria-label={t('attachments.restoreFile', attachment.name)}
                  onClick={() => props.onRestore(attachment)}
                >
                  {t('attachments.restore')}
                </Button>
              </li>
            )}
          </For>
        </ul>
      </details>
    </Show>
  )
}
