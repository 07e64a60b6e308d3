import { Match, Show, Switch, type JSX } from 'solid-js'
import type { CallsState } from '../../stores/workspace-context.ts'
import { useText } from '../i18n/language.ts'
import { createNow } from './now.ts'

/** Whether calls to the server go out, in one word. */
export function CallsWords(props: { calls: CallsState }): JSX.Element {
  const t = useText()
  return (
    <Switch fallback={t('shell.callsNormal')}>
      <Match when={props.calls.kind === 'trying'}>{t('shell.callsTrying')}</Match>
      <Match when={props.calls.kind === 'paused'}>{t('shell.callsPaused')}</Match>
    </Switch>
  )
}

/** Nothing once the moment is there: who tries next is then the engine's next call. */
export function NextTry(props: { calls: CallsState }): JSX.Element {
  const t = useText()
  const until = () => (props.calls.kind === 'paused' ? props.calls.until : 0)
  const now = createNow(1_000, () => until() > 0)
  const seconds = () => Math.ceil((until() - now()) / 1_000)
  return <Show when={seconds() > 0}>{t('shell.callsTryIn', seconds())}</Show>
}
