import { createResource, Show, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'

export function StorageSection(): JSX.Element {
  const t = useText()
  const app = useApp()
  const format = useFormat()
  const workspace = useWorkspace()
  const [storage] = createResource(() => app.device.storage())
  const [documents] = createResource(() => app.device.documents(workspace.person.id))
  const used = () => format().bytes(storage()?.used ?? 0)
  const quota = () => format().bytes(storage()?.quota ?? 0)
  const share = () => Math.max(1, ((storage()?.used ?? 0) / (storage()?.quota ?? 1)) * 100)
  return (
    <section>
      <header>
        <h2>{t('settings.storage')}</h2>
        <span class="grow" />
        <Show when={storage.latest}>
          <span class="soft">{t('settings.usedOf', used(), quota())}</span>
        </Show>
      </header>
      <Show
        when={storage.latest}
        fallback={
          <Show when={!storage.loading}>
            <p class="soft">{t('settings.storageUnknown')}</p>
          </Show>
        }
      >
        <div class="stack" role="img" aria-label={t('settings.usedLabel', used(), quota())}>
          <i style={{ '--v': `${share()}%` }} />
        </div>
      </Show>
      <p class="f1 soft">
        <Show when={documents.latest}>{(count) => <b>{t('settings.documentsHere', count())}. </b>}</Show>
        {t('settings.storageWords')}
      </p>
    </section>
  )
}
