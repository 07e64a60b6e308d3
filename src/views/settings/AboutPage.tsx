import type { JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import { setHelpOpen } from '../commands/palette-state.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { Mark } from '../kit/Mark.tsx'
import { SettingsPage } from './SettingsPage.tsx'

export default function AboutPage(): JSX.Element {
  const t = useText()
  const { about } = useApp()
  const format = useFormat()
  return (
    <SettingsPage title={t('settings.about')}>
      <div class="one">
        <section class="who">
          <Mark />
          <div>
            <b>Tideline</b>
            <p class="soft">{t('settings.aboutWords')}</p>
          </div>
        </section>
        <dl class="kv">
          <dt>{t('settings.version')}</dt>
          <dd>{about.version}</dd>
          <dt>{t('settings.madeOn')}</dt>
          <dd>{format().moment(about.builtAt)}</dd>
          <dt>{t('settings.server')}</dt>
          <dd class="clip">{about.server}</dd>
        </dl>
        <p class="soft f1">{t('settings.code')}</p>
        <div class="acts2">
          <Button onClick={() => setHelpOpen(true)} keys="Shift+?">
            {t('settings.shortcuts')}
          </Button>
        </div>
      </div>
    </SettingsPage>
  )
}
