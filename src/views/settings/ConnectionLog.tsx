import { For, Show, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'
import { IconButton } from '../kit/IconButton.tsx'

const SHOWN = 100

/** What the connection did, newest first, in the engine's own words: it is for whoever looks into a fault. */
export function ConnectionLog(): JSX.Element {
  const t = useText()
  const app = useApp()
  const format = useFormat()
  const workspace = useWorkspace()
  const newest = () => workspace.log().slice(-SHOWN).reverse()
  const save = () =>
    app.device.save(
      'tideline-log.txt',
      'text/plain',
      workspace
        .log()
        .map((entry) => `${new Date(entry.at).toISOString()} ${entry.line}`)
        .join('\n'),
    )
  return (
    <section>
      <header>
        <h2>{t('settings.log')}</h2>
        <span class="grow" />
        <Show when={newest().length > 0}>
          <IconButton icon="download" label={t('settings.exportLog')} onClick={save} />
        </Show>
      </header>
      <Show when={newest().length > 0} fallback={<p class="soft">{t('settings.logEmpty')}</p>}>
        <table class="tbl log">
          <thead class="sr">
            <tr>
              <th>{t('settings.logTime')}</th>
              <th>{t('settings.logEvent')}</th>
            </tr>
          </thead>
          <tbody>
            <For each={newest()}>
              {(entry) => (
                <tr>
                  <td>{format().timeWithSeconds(entry.at)}</td>
                  <td>{entry.line}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </Show>
    </section>
  )
}
