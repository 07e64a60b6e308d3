import { Show, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import { useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'

/** Stands until it is answered, but never over what someone types: see `src/app/versions.ts`. */
export function UpdatePrompt(): JSX.Element {
  const t = useText()
  const app = useApp()
  return (
    <Show when={app.installation.updateReady()}>
      <div class="update" role="status">
        <Icon name="refresh" />
        <span>{t('shell.updateReady')}</span>
        <Button size="s" onClick={() => app.installation.postpone()}>
          {t('shell.updateLater')}
        </Button>
        <Button size="s" kind="primary" onClick={() => app.installation.update()}>
          {t('shell.reload')}
        </Button>
      </div>
    </Show>
  )
}
