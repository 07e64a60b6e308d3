import { Show, type JSX } from 'solid-js'
import type { ConnectionState, SyncState } from '../../stores/workspace-context.ts'
import { useText } from '../i18n/language.ts'
import { Icon } from '../kit/Icon.tsx'
import { NextTry } from './CallsWords.tsx'

const problems = {
  unsent_lost: 'shell.problem_unsent_lost',
  corrupt_record: 'shell.problem_corrupt_record',
  update_set_aside: 'shell.problem_update_set_aside',
  malformed_answer: 'shell.problem_malformed_answer',
  not_a_member: 'shell.problem_not_given',
  rejected: 'shell.problem_rejected',
} as const

const storages = { full: 'settings.noticeFull', 'memory-only': 'settings.noticeMemory' } as const

/** What is not as it should be, in a sentence each: what happened, and what follows from it. */
export function SyncNotices(props: { sync: SyncState; connection: ConnectionState }): JSX.Element {
  const t = useText()
  const words = (code: string) =>
    code in problems ? t(problems[code as keyof typeof problems]) : t('shell.problem_other', code)
  const storage = () => (props.sync.storage === 'ok' ? undefined : storages[props.sync.storage])
  return (
    <>
      <Show when={storage()}>
        {(said) => (
          <p class="banner" data-tone="bad" role="status">
            <Icon name="drive" />
            <span>{t(said())}</span>
          </p>
        )}
      </Show>
      <Show when={props.connection.kind === 'refused'}>
        <p class="banner" data-tone="bad" role="status">
          <Icon name="lock" />
          <span>{t('settings.noticeNoAccess')}</span>
        </p>
      </Show>
      <Show when={props.sync.problem}>
        {(problem) => (
          <p class="banner" data-tone="bad" role="status">
            <Icon name="alert" />
            <span>{words(problem().code)}</span>
          </p>
        )}
      </Show>
      <Show when={props.sync.calls.kind === 'paused'}>
        <p class="banner" role="status">
          <Icon name="clock" />
          <span>
            {t('shell.callsPausedWords')}
            <Show when={props.sync.storage === 'ok'}> {t('shell.callsSavedHere')}</Show>
            <NextTry calls={props.sync.calls} />
          </span>
        </p>
      </Show>
    </>
  )
}
