import type { JSX } from 'solid-js'
import { useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { EmptyState } from '../kit/EmptyState.tsx'

/** One broken screen takes neither the others nor the waterline with it. */
export function ScreenFailed(props: { error: unknown }): JSX.Element {
  const t = useText()
  return (
    <div class="fill" role="alert">
      <EmptyState
        lead
        scene="dry"
        title={t('shell.couldNotOpen')}
        action={
          <Button icon="refresh" onClick={() => location.reload()}>
            {t('shell.reload')}
          </Button>
        }
      >
        {t('shell.couldNotOpenWhy')}
        <br />
        <code class="f1">{props.error instanceof Error ? props.error.message : String(props.error)}</code>
      </EmptyState>
    </div>
  )
}
