import { Show, type JSX } from 'solid-js'
import type { TeamMember } from '../../stores/session/ports.ts'
import type { Role } from '../../stores/session/session.ts'
import { useText } from '../i18n/language.ts'
import { Avatar } from '../kit/Avatar.tsx'
import { Icon } from '../kit/Icon.tsx'
import { Menu } from '../kit/Menu.tsx'

export function MemberRow(props: {
  member: TeamMember
  you: boolean
  roles: readonly Role[]
  mayChange: boolean
  onRole: (role: Role) => void
  onRemove: () => void
}): JSX.Element {
  const t = useText()
  const role = () => t(`settings.role_${props.member.role}`)
  return (
    <li>
      <Avatar id={props.member.id} name={props.member.name} size={32} />
      <div class="clip grow">
        {props.member.name}
        <Show when={props.you}>
          <span class="faint"> ({t('shell.you')})</span>
        </Show>
      </div>
      <Show when={props.mayChange} fallback={<span class="soft">{role()}</span>}>
        <Menu
          label={t('settings.roleOf', props.member.name)}
          placement="bottom-end"
          trigger={
            <>
              {role()}
              <Icon name="down" size={14} />
            </>
          }
          entries={() => [
            ...props.roles.map((choice) => ({
              label: t(`settings.role_${choice}`),
              end: t(`settings.roleHint_${choice}`),
              checked: choice === props.member.role,
              run: () => {
                if (choice !== props.member.role) props.onRole(choice)
              },
            })),
            { kind: 'separator' as const },
            {
              label: t('settings.remove'),
              icon: 'trash' as const,
              tone: 'bad' as const,
              run: () => props.onRemove(),
            },
          ]}
        />
      </Show>
    </li>
  )
}
