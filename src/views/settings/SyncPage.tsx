import { createMemo, createSignal, Show, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import { createPendingContents } from '../../stores/pending-contents.ts'
import { groupPending } from '../../stores/pending-groups.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { SendingSection } from '../attachments/SendingSection.tsx'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { IconButton } from '../kit/IconButton.tsx'
import { Waterline } from '../kit/Waterline.tsx'
import { CallsWords } from '../shell/CallsWords.tsx'
import { SyncNotices } from '../shell/SyncNotices.tsx'
import { MineWords, OthersWords } from '../shell/WaterlineWords.tsx'
import { readWaterline } from '../shell/waterline-shape.ts'
import { ConnectionLog } from './ConnectionLog.tsx'
import { SettingsPage } from './SettingsPage.tsx'
import { StorageSection } from './StorageSection.tsx'
import { ThisBrowser } from './ThisBrowser.tsx'

export default function SyncPage(): JSX.Element {
  const t = useText()
  const app = useApp()
  const format = useFormat()
  const workspace = useWorkspace()
  const contents = createPendingContents(workspace.openDocument)
  const read = createMemo(() => readWaterline(workspace.sync(), workspace.connection()))
  const [busy, setBusy] = createSignal(false)
  const syncNow = async () => {
    setBusy(true)
    await workspace.syncNow()
    setBusy(false)
  }
  const lastSynced = () => workspace.sync().lastSyncedAt
  /** Calls that nobody makes go neither well nor badly. */
  const callsOut = () =>
    workspace.sync().calls.kind !== 'normal' || ['live', 'polling'].includes(workspace.connection().kind)
  return (
    <SettingsPage
      title={t('settings.sync')}
      actions={
        <>
          <span class="desk">
            <Button icon="refresh" disabled={busy()} onClick={() => void syncNow()}>
              {t('shell.syncNow')}
            </Button>
          </span>
          <IconButton
            class="mob"
            icon="refresh"
            label={t('shell.syncNow')}
            disabled={busy()}
            onClick={() => void syncNow()}
          />
        </>
      }
    >
      <div class="inner">
        <div class="hero">
          <Waterline
            {...read()}
            mine={<MineWords read={read()} sync={workspace.sync()} />}
            others={<OthersWords connection={workspace.connection()} />}
          />
          <SyncNotices sync={workspace.sync()} connection={workspace.connection()} />
          <dl class="facts">
            <div>
              <dt>{t('settings.waiting')}</dt>
              <dd>{format().number(read().pending)}</dd>
            </div>
            <div>
              <dt>{t('settings.received')}</dt>
              <dd>{lastSynced() === null ? t('settings.never') : format().moment(lastSynced() ?? 0)}</dd>
            </div>
            <div>
              <dt>{t('settings.connectionFact')}</dt>
              <dd>
                <OthersWords connection={workspace.connection()} />
              </dd>
            </div>
            <div>
              <dt>{t('settings.callsFact')}</dt>
              <dd>
                <Show when={callsOut()} fallback={t('settings.callsNone')}>
                  <span class="fact" data-tone={workspace.sync().calls.kind === 'normal' ? 'ok' : undefined}>
                    <Icon name={workspace.sync().calls.kind === 'normal' ? 'check' : 'clock'} size={14} />
                    <span>
                      <CallsWords calls={workspace.sync().calls} />
                    </span>
                  </span>
                </Show>
              </dd>
            </div>
            <div>
              <dt>{t('settings.storageFact')}</dt>
              <dd>
                <Show
                  when={workspace.sync().storage === 'ok'}
                  fallback={
                    <span class="fact" data-tone="bad">
                      <Icon name="alert" size={14} />
                      {workspace.sync().storage === 'full'
                        ? t('settings.fullFact')
                        : t('settings.memoryFact')}
                    </span>
                  }
                >
                  <span class="fact" data-tone="ok">
                    <Icon name="check" size={14} />
                    {t('settings.thisDevice')}
                  </span>
                </Show>
              </dd>
            </div>
          </dl>
        </div>
        <div class="col">
          <ConnectionLog />
        </div>
        <div class="col">
          <SendingSection />
          <StorageSection />
          <ThisBrowser />
          <Show when={read().pending > 0}>
            <section>
              <Button
                icon="download"
                onClick={() =>
                  app.device.save(
                    'tideline.json',
                    'application/json',
                    contents.exportOf(groupPending(workspace.sync().pending)),
                  )
                }
              >
                {t('settings.exportPending')}
              </Button>
            </section>
          </Show>
        </div>
      </div>
    </SettingsPage>
  )
}
