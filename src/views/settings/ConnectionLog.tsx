import { createMemo, createSignal, For, Show, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'
import { Icon } from '../kit/Icon.tsx'
import { IconButton } from '../kit/IconButton.tsx'
import { exportOf, isProblem, useLogWords } from './log-words.ts'

const SHOWN = 100

/** What happened between this device and the server, newest first; the file has all of it, in codes. */
export function ConnectionLog(): JSX.Element {
  const t = useText()
  const app = useApp()
  const format = useFormat()
  const workspace = useWorkspace()
  const read = useLogWords()
  const [problems, setProblems] = createSignal(false)
  const wanted = createMemo(() => (problems() ? workspace.log().filter(isProblem) : workspace.log()))
  const newest = createMemo(() => wanted().slice(-SHOWN).reverse())
  const more = () => wanted().length - newest().length
  const isToday = (at: number) => new Date(at).toDateString() === new Date().toDateString()
  return (
    <section>
      <header>
        <h2>{t('settings.log')}</h2>
        <span class="grow" />
        <Show when={workspace.log().length > 0}>
          <span class="filters" role="group" aria-label={t('settings.logFilter')}>
            <For each={[false, true]}>
              {(only) => (
                <button
                  type="button"
                  class="chip"
                  data-on={problems() === only ? '' : undefined}
                  aria-pressed={problems() === only}
                  onClick={() => setProblems(only)}
                >
                  {only ? t('settings.logProblems') : t('settings.logAll')}
                </button>
              )}
            </For>
          </span>
          <IconButton
            icon="download"
            label={t('settings.exportLog')}
            onClick={() => app.device.save('tideline-log.txt', 'text/plain', exportOf(workspace.log()))}
          />
        </Show>
      </header>
      <Show
        when={newest().length > 0}
        fallback={<p class="soft">{t(problems() ? 'settings.logNoProblem' : 'settings.logEmpty')}</p>}
      >
        <table class="tbl log" aria-label={t('settings.log')}>
          <thead class="sr">
            <tr>
              <th>{t('settings.logTime')}</th>
              <th>{t('settings.logEvent')}</th>
              <th>{t('settings.logDetail')}</th>
            </tr>
          </thead>
          <tbody>
            <For each={newest()}>
              {(line) => (
                <tr>
                  <td>{isToday(line.at) ? format().timeWithSeconds(line.at) : format().moment(line.at)}</td>
                  <td>
                    <span class="ev" data-tone={read(line).tone}>
                      <Icon name={read(line).icon} size={14} />
                      {read(line).event}
                    </span>
                  </td>
                  <td>{read(line).detail}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
        <Show when={more() > 0}>
          <p class="f1 soft">{t('settings.logMore', format().number(more()))}</p>
        </Show>
      </Show>
    </section>
  )
}
