import { A } from '@solidjs/router'
import { createMemo, createSignal, For, Show, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import { createPendingContents } from '../../stores/pending-contents.ts'
import { groupPending, type PendingGroup } from '../../stores/pending-groups.ts'
import type { SentChange } from '../../stores/sent-history.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { settingsPath } from '../addresses.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { Dialog } from '../kit/Dialog.tsx'
import { Icon } from '../kit/Icon.tsx'
import { IconButton } from '../kit/IconButton.tsx'
import { useChangeWords } from './change-words.ts'
import { PendingRow } from './PendingRow.tsx'
import { SyncNotices } from './SyncNotices.tsx'
import { MineWords } from './WaterlineWords.tsx'
import type { ReadWaterline } from './waterline-shape.ts'

/** Enough to recognise one's own work; the rest is counted. */
const SHOWN = 50

/** Dry above the shoreline: only on this device, oldest first. Wet below: with everyone. */
export default function SyncPanel(props: {
  read: ReadWaterline
  sent: readonly SentChange[]
  onDiscarded: (key: string) => void
  onClose: () => void
}): JSX.Element {
  const t = useText()
  const format = useFormat()
  const app = useApp()
  const workspace = useWorkspace()
  const contents = createPendingContents(workspace.openDocument)
  const words = useChangeWords(contents)
  const groups = createMemo(() => groupPending(workspace.sync().pending))
  const [discarding, setDiscarding] = createSignal<PendingGroup>()
  const [busy, setBusy] = createSignal(false)

  const syncNow = async () => {
    setBusy(true)
    await workspace.syncNow()
    setBusy(false)
  }
  const discard = (group: PendingGroup) => {
    setDiscarding(undefined)
    // A file goes alone, a change of a document with all that is unsent of it.
    const gone = group.file ? [group] : groups().filter((other) => other.doc === group.doc)
    for (const { key } of gone) props.onDiscarded(key)
    void workspace.discard(group.changes.find((change) => change.state === 'refused')?.id ?? group.key)
  }
  const lastSynced = () => workspace.sync().lastSyncedAt
  const hint = () => {
    if (props.read.refused > 0) return t('shell.nothingIsLost')
    return groups().length > 1 ? t('shell.oldestFirst') : undefined
  }

  return (
    <>
      <header>
        <Icon name={props.read.mineIcon} class={props.read.state === 'error' ? 'bad' : undefined} />
        <h2>
          <MineWords read={props.read} sync={workspace.sync()} short />
        </h2>
        <span class="end faint f1">{hint()}</span>
        <IconButton icon="x" label={t('shell.close')} onClick={() => props.onClose()} />
      </header>
      <div class="scroll">
        <SyncNotices sync={workspace.sync()} connection={workspace.connection()} />
        <Show when={groups().length > 0}>
          <ul class="dry">
            <For each={groups().slice(0, SHOWN)}>
              {(group) => (
                <PendingRow
                  group={group}
                  title={words.title(group)}
                  about={words.about(group, workspace.connection())}
                  onRetry={() => {
                    for (const change of group.changes) {
                      if (change.state === 'refused') workspace.retry(change.id)
                    }
                  }}
                  onDiscard={() => setDiscarding(group)}
                />
              )}
            </For>
          </ul>
        </Show>
        <Show when={groups().length > SHOWN}>
          <p class="rest soft f1">{t('shell.moreToSend', groups().length - SHOWN)}</p>
        </Show>
        <Show when={props.read.refused > 0}>
          <div class="rest">
            <Button
              size="s"
              icon="download"
              onClick={() =>
                app.device.save('tideline.json', 'application/json', contents.exportOf(groups()))
              }
            >
              {t('shell.exportThese')}
            </Button>
          </div>
        </Show>
      </div>
      <Show when={groups().length > 0}>
        <div class="shoreline" data-dry={props.read.state === 'syncing' ? undefined : ''} />
      </Show>
      <div class="wet">
        <h3>
          {lastSynced() === null
            ? t('shell.neverSynced')
            : t('shell.withEveryoneUntil', format().moment(lastSynced() ?? 0))}
        </h3>
        <ul>
          <For each={props.sent}>
            {(change) => (
              <li>
                <Icon name="check" />
                <div class="clip">{words.title(change.group)}</div>
                <span class="faint f1">{format().time(change.at)}</span>
              </li>
            )}
          </For>
          <Show when={props.sent.length === 0 && lastSynced() !== null}>
            <li>
              <Icon name="check" />
              <div class="clip">{groups().length > 0 ? t('shell.everythingElse') : t('shell.allSent')}</div>
            </li>
          </Show>
        </ul>
        <div class="acts">
          <Button size="s" icon="refresh" disabled={busy()} onClick={() => void syncNow()}>
            {t('shell.syncNow')}
          </Button>
          <A
            class="btn"
            data-kind="ghost"
            data-size="s"
            href={settingsPath(workspace.workspace, 'sync')}
            onClick={() => props.onClose()}
          >
            {t('shell.openSyncSettings')}
          </A>
        </div>
      </div>
      <Dialog
        open={discarding() !== undefined}
        onClose={() => setDiscarding(undefined)}
        kind="alert"
        title={t('shell.discardTitle')}
        description={t(
          discarding()?.file ? 'shell.dropFileWords' : 'shell.discardWords',
          discarding()?.file?.name ?? words.title(discarding() ?? groups()[0]),
        )}
        actions={
          <>
            <Button onClick={() => setDiscarding(undefined)}>{t('shell.cancel')}</Button>
            <Button
              kind="danger-solid"
              onClick={() => {
                const group = discarding()
                if (group !== undefined) discard(group)
              }}
            >
              {t('shell.discardChange')}
            </Button>
          </>
        }
      />
    </>
  )
}
