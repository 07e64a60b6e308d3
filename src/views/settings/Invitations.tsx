import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import type { Role } from '../../stores/session/session.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { invitationPath } from '../addresses.ts'
import { useFailureWords } from '../auth/failure-words.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { IconButton } from '../kit/IconButton.tsx'
import { Segmented } from '../kit/Segmented.tsx'
import { showToast } from '../kit/show-toast.ts'

/** One link, one person. The token is shown once, when it is made: the server does not hand it out again. */
export function Invitations(): JSX.Element {
  const t = useText()
  const app = useApp()
  const format = useFormat()
  const workspace = useWorkspace()
  const failureWords = useFailureWords()
  const id = workspace.workspace.id
  const [role, setRole] = createSignal<Role>('agent')
  const [link, setLink] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)
  const [open, { refetch }] = createResource(() => app.teams.invitations(id).catch(() => []))

  const copy = async (url: string) => {
    if (await app.device.copy(url)) showToast({ text: t('settings.linkCopied') })
  }
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true)
    try {
      await work()
      await refetch()
    } catch (failure) {
      showToast({ text: failureWords(failure), tone: 'bad' })
    }
    setBusy(false)
  }
  const create = () =>
    attempt(async () => {
      const made = await app.teams.invite(id, role())
      const url = location.origin + invitationPath(made.token)
      setLink(url)
      await copy(url)
    })
  const revoke = (invitationId: string) =>
    attempt(async () => {
      await app.teams.revoke(invitationId)
      setLink()
      showToast({ text: t('settings.revoked') })
    })

  return (
    <section>
      <header>
        <h2>{t('settings.invitations')}</h2>
      </header>
      <div class="invite">
        <Segmented
          label={t('settings.inviteAs')}
          value={role()}
          options={(['admin', 'agent', 'viewer'] as const).map((value) => ({
            value,
            label: t(`settings.role_${value}`),
          }))}
          onChange={setRole}
        />
        <Button kind="primary" icon="link" disabled={busy()} onClick={() => void create()}>
          {busy() ? t('settings.creatingLink') : t('settings.createLink')}
        </Button>
      </div>
      <p class="f1 soft">
        {t(`settings.role_${role()}`)}: {t(`settings.roleHint_${role()}`)}.
      </p>
      <Show when={link()}>
        {(url) => (
          <div class="field link">
            <label for="invitation-link">{t('settings.linkReady')}</label>
            <span class="input">
              <input
                id="invitation-link"
                readonly
                value={url()}
                onFocus={(event) => event.currentTarget.select()}
              />
              <IconButton icon="copy" label={t('settings.copy')} onClick={() => void copy(url())} />
            </span>
            <small>{t('settings.linkHint')}</small>
          </div>
        )}
      </Show>
      <ul class="people" aria-label={t('settings.invitations')}>
        <For each={open.latest} fallback={<li class="soft">{t('settings.noInvitations')}</li>}>
          {(invitation) => (
            <li>
              <span class="ticket" aria-hidden="true">
                <Icon name="link" />
              </span>
              <div class="clip grow">
                {t(`settings.role_${invitation.role}`)}
                <Show when={invitation.email}>{(email) => <span class="soft">, {email()}</span>}</Show>
                <small class="faint">{t('settings.expires', format().moment(invitation.expiresAt))}</small>
              </div>
              <IconButton icon="x" label={t('settings.revoke')} onClick={() => void revoke(invitation.id)} />
            </li>
          )}
        </For>
      </ul>
    </section>
  )
}
