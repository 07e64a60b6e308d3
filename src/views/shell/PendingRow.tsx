import { Show, type JSX } from 'solid-js'
import type { PendingGroup } from '../../stores/pending-groups.ts'
import { useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { IconButton } from '../kit/IconButton.tsx'

/** One thing with unsent changes: hollow while it waits, filled while it goes, a triangle when it was refused. */
export function PendingRow(props: {
  group: PendingGroup
  title: string
  about: string
  onRetry: () => void
  onDiscard: () => void
}): JSX.Element {
  const t = useText()
  const refused = () => props.group.state === 'refused'
  const part = () => {
    const { file, state } = props.group
    return file && file.sent !== null && state === 'sending'
      ? `${(file.sent / file.bytes) * 100}%`
      : undefined
  }
  return (
    <li data-k={props.group.state}>
      <Show when={refused()} fallback={<span class="grain" data-k={props.group.state} />}>
        <Icon name="alert" />
      </Show>
      <div class="what">
        <span class="clip">{props.title}</span>
        <small>{props.about}</small>
      </div>
      <Show when={part()}>
        {(width) => (
          <span class="acts">
            <span class="bar-p" style={{ '--v': width(), width: '72px' }}>
              <i />
            </span>
          </span>
        )}
      </Show>
      <Show when={refused()}>
        <span class="acts">
          <Button size="s" onClick={() => props.onRetry()}>
            {t('shell.retryChange')}
          </Button>
          <IconButton icon="trash" label={t('shell.discardChange')} onClick={() => props.onDiscard()} />
        </span>
      </Show>
    </li>
  )
}
