import { createResource, createSignal, Match, Show, Switch, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import { useText } from '../i18n/language.ts'
import { Badge } from '../kit/Badge.tsx'
import { Button } from '../kit/Button.tsx'

/** What the browser promises: to keep the data, and to hold the app. */
export function ThisBrowser(): JSX.Element {
  const t = useText()
  const app = useApp()
  const [persisted, { mutate }] = createResource(() => app.device.persisted())
  const [refused, setRefused] = createSignal(false)
  const ask = async () => {
    const granted = await app.device.persist()
    mutate(granted)
    setRefused(!granted)
  }
  const persistWords = () => {
    if (persisted.latest === undefined) return t('settings.persistUnknown')
    if (persisted.latest) return t('settings.persistGranted')
    return refused() ? t('settings.persistRefused') : undefined
  }
  return (
    <section>
      <header>
        <h2>{t('settings.thisBrowser')}</h2>
      </header>
      <div class="set">
        <span>
          {t('settings.persist')}
          <small>{persistWords()}</small>
        </span>
        <Switch>
          <Match when={persisted.latest === true}>
            <Badge tone="ok" icon="check">
              {t('settings.persistOn')}
            </Badge>
          </Match>
          <Match when={persisted.latest === false}>
            <Button onClick={() => void ask()}>{t('settings.persistAsk')}</Button>
          </Match>
        </Switch>
      </div>
      <div class="set">
        <span>
          {t('settings.installTitle')}
          <small>
            <Switch fallback={t('settings.installManual')}>
              <Match when={app.installation.installed()}>{t('settings.installed')}</Match>
              <Match when={app.installation.offer() === 'prompt'}>{t('settings.installHint')}</Match>
              <Match when={app.installation.offer() === 'ios'}>{t('shell.installOnIos')}</Match>
            </Switch>
          </small>
        </span>
        <Show when={!app.installation.installed() && app.installation.offer() === 'prompt'}>
          <Button icon="download" onClick={() => void app.installation.install()}>
            {t('shell.install')}
          </Button>
        </Show>
      </div>
    </section>
  )
}
