import { For, Show, type JSX } from 'solid-js'
import { pictureSizes } from '../../domain/attachments/picture-size.ts'
import { uploadChoices } from '../../stores/attachments/upload-choices.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'
import { SettingSwitch } from '../kit/SettingSwitch.tsx'

/** In Settings: what waits of photos and files, and how they are sent from this device. */
export function SendingSection(): JSX.Element {
  const t = useText()
  const format = useFormat()
  const { files } = useWorkspace()
  const bytes = () => files.unsent().reduce((sum, file) => sum + file.bytes, 0)
  const waitsForWifi = () =>
    files.unsent().filter(({ state }) => state.kind === 'waiting' && state.why === 'wifi').length
  return (
    <section>
      <header>
        <h2>{t('attachments.sending')}</h2>
      </header>
      <p class="soft">
        <Show when={files.unsent().length > 0} fallback={t('attachments.allSent')}>
          <b>{t('attachments.waiting', files.unsent().length, format().bytes(bytes()))}.</b>
        </Show>{' '}
        {t('attachments.sendingWords')}
      </p>
      <SettingSwitch
        label={t('attachments.wifiOnly')}
        hint={waitsForWifi() > 0 ? t('attachments.wifiWaits', waitsForWifi()) : t('attachments.wifiOnlyHint')}
        on={uploadChoices.wifiOnly()}
        onChange={uploadChoices.setWifiOnly}
      />
      <SettingSwitch
        label={t('attachments.pause')}
        hint={t('attachments.pauseHint')}
        on={uploadChoices.paused()}
        onChange={uploadChoices.setPaused}
      />
      <fieldset class="sizes">
        <legend>{t('attachments.choices')}</legend>
        <For each={pictureSizes}>
          {(size) => (
            <label class="size">
              <input
                type="radio"
                name="picture-size"
                checked={uploadChoices.size() === size}
                onChange={() => uploadChoices.setSize(size)}
              />
              {t(`attachments.size_${size}`)}
            </label>
          )}
        </For>
        <p class="f1 soft">{t('attachments.sizeWords')}</p>
      </fieldset>
    </section>
  )
}
