import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import type { TeamMember } from '../../stores/session/ports.ts'
import type { Role } from '../../stores/session/session.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useFailureWords } from '../auth/failure-words.ts'
import { useText } from '../i18n/language.ts'
import { Banner } from '../kit/Banner.tsx'
import { Button } from '../kit/Button.tsx'
import { Dialog } from '../kit/Dialog.tsx'
import { showToast } from '../kit/show-toast.ts'
import { Invitations } from './Invitations.tsx'
import { MemberRow } from './MemberRow.tsx'
import { SettingsPage } from './SettingsPage.tsx'

/** The server's list while there is a network; the directory's, read only, while there is none. */
export default function MembersPage(): JSX.Element {
  const t = useText()
  const app = useApp()
  const workspace = useWorkspace()
  const failureWords = useFailureWords()
  const id = workspace.workspace.id
  const [removing, setRemoving] = createSignal<TeamMember>()
  const [team, { refetch }] = createResource(async () => {
    try {
      return await app.teams.team(id)
    } catch {
      return undefined
    }
  })
  const known = (): TeamMember[] =>
    team.latest ??
    workspace.members.ids().flatMap((memberId) => {
      const member = workspace.members.byId[memberId]
      return member === undefined ? [] : [{ id: memberId, name: member.display_name, role: member.role }]
    })
  const offline = () => !team.loading && team.latest === undefined
  const mine = (): Role => workspace.workspace.role
  const mayInvite = () => mine() === 'owner' || mine() === 'admin'
  const mayChange = (member: TeamMember) =>
    !offline() &&
    mayInvite() &&
    member.id !== workspace.person.id &&
    (mine() === 'owner' || member.role !== 'owner')

  const attempt = async (work: () => Promise<void>, done: string) => {
    try {
      await work()
      showToast({ text: done })
      await refetch()
    } catch (failure) {
      showToast({ text: failureWords(failure), tone: 'bad' })
    }
  }

  return (
    <SettingsPage title={t('settings.members')}>
      <div class="one">
        <p class="soft">{t('settings.membersIntro')}</p>
        <Show when={offline()}>
          <Banner icon="offline">{t('settings.membersOffline')}</Banner>
        </Show>
        <ul class="people" aria-label={t('settings.members')} aria-busy={team.loading}>
          <For each={known()}>
            {(member) => (
              <MemberRow
                member={member}
                you={member.id === workspace.person.id}
                roles={
                  mine() === 'owner' ? ['owner', 'admin', 'agent', 'viewer'] : ['admin', 'agent', 'viewer']
                }
                mayChange={mayChange(member)}
                onRole={(role) =>
                  void attempt(
                    () => app.teams.setRole(id, member.id, role),
                    t('settings.roleChanged', member.name, t(`settings.role_${role}`)),
                  )
                }
                onRemove={() => setRemoving(member)}
              />
            )}
          </For>
        </ul>
        <Show when={mayInvite()} fallback={<p class="soft f1">{t('settings.onlyAdmins')}</p>}>
          <Show when={!offline()}>
            <Invitations />
          </Show>
        </Show>
      </div>
      <Dialog
        open={removing() !== undefined}
        onClose={() => setRemoving()}
        kind="alert"
        title={t('settings.removeTitle', removing()?.name ?? '')}
        description={t('settings.removeWords')}
        actions={
          <>
            <Button onClick={() => setRemoving()}>{t('shell.cancel')}</Button>
            <Button
              kind="danger-solid"
              onClick={() => {
                const member = removing()
                setRemoving()
                if (member !== undefined) {
                  void attempt(() => app.teams.remove(id, member.id), t('settings.removed', member.name))
                }
              }}
            >
              {t('settings.remove')}
            </Button>
          </>
        }
      />
    </SettingsPage>
  )
}
