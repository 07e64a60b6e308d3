import type { JSX } from 'solid-js'
import { setSingleKeys, singleKeys } from '../commands/shortcuts.ts'
import { chooseLanguage, language, useText } from '../i18n/language.ts'
import { Segmented } from '../kit/Segmented.tsx'
import { SettingSwitch } from '../kit/SettingSwitch.tsx'
import { setTheme, theme } from '../shell/theme.ts'
import { SettingsPage } from './SettingsPage.tsx'

export default function AppearancePage(): JSX.Element {
  const t = useText()
  return (
    <SettingsPage title={t('settings.appearance')}>
      <div class="one">
        <section>
          <div class="set">
            <span>
              {t('settings.theme')}
              <small>{t('settings.themeHint')}</small>
            </span>
            <Segmented
              label={t('settings.theme')}
              value={theme()}
              options={[
                { value: 'system', label: t('settings.system') },
                { value: 'light', label: t('settings.light'), icon: 'sun' },
                { value: 'dark', label: t('settings.dark'), icon: 'moon' },
              ]}
              onChange={setTheme}
            />
          </div>
          <div class="set">
            <span>
              {t('settings.language')}
              <small>{t('settings.languageHint')}</small>
            </span>
            <Segmented
              label={t('settings.language')}
              value={language()}
              options={[
                { value: 'pt-BR', label: t('settings.portuguese') },
                { value: 'en', label: t('settings.english') },
              ]}
              onChange={(next) => void chooseLanguage(next)}
            />
          </div>
          <SettingSwitch
            label={t('settings.singleKeys')}
            hint={t('settings.singleKeysHint')}
            on={singleKeys()}
            onChange={setSingleKeys}
          />
        </section>
      </div>
    </SettingsPage>
  )
}
