import { useNavigate } from '@solidjs/router'
import { createMemo, createSignal, Show, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import { createPendingContents } from '../../stores/pending-contents.ts'
import { groupPending } from '../../stores/pending-groups.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { signInPath } from '../addresses.ts'
import { useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { Dialog } from '../kit/Dialog.tsx'

/** Unsent work stays unless the person says otherwise with open eyes; on a clean device leaving nothing is usual. */
export default function SignOutDialog(props: { onClose: () => void }): JSX.Element {
  const t = useText()
  const app = useApp()
  const navigate = useNavigate()
  const workspace = useWorkspace()
  const contents = createPendingContents(workspace.openDocument)
  const groups = createMemo(() => groupPending(workspace.sync().pending))
  const pending = () => groups().length
  const [chosen, setKeep] = createSignal<boolean>()
  const keep = () => chosen() ?? pending() > 0
  const [busy, setBusy] = createSignal(false)

  const leave = async () => {
    setBusy(true)
    const kept = keep()
    await app.session.signOut(kept)
    navigate(signInPath(), { replace: true })
    if (!kept) await app.device.erase(workspace.person.id)
  }

  return (
    <Dialog
      open
      onClose={props.onClose}
      kind="alert"
      title={pending() > 0 ? t('auth.signOutPendingTitle', pending()) : t('auth.signOutTitle')}
      description={
        pending() > 0 && keep() ? t('auth.signOutPendingWords', pending()) : t('auth.signOutWords')
      }
      actions={
        <>
          <Show when={pending() > 0}>
            <Button
              kind="ghost"
              icon="download"
              onClick={() =>
                app.device.save('tideline.json', 'application/json', contents.exportOf(groups()))
              }
            >
              {t('auth.exportThem')}
            </Button>
          </Show>
          <Button onClick={() => props.onClose()}>{t('auth.stay')}</Button>
          <Button kind="danger-solid" disabled={busy()} onClick={() => void leave()}>
            {keep() ? t('auth.signOut') : t('auth.signOutAndErase')}
          </Button>
        </>
      }
    >
      <label class="tick-line">
        <input
          type="checkbox"
          class="box"
          checked={keep()}
          onChange={(event) => setKeep(event.currentTarget.checked)}
        />
        <span>
          {t('auth.keepData')}
          <small classList={{ bad: !keep() && pending() > 0 }}>
            {!keep() && pending() > 0 ? t('auth.losesChanges', pending()) : t('auth.keepDataHint')}
          </small>
        </span>
      </label>
    </Dialog>
  )
}
