import { A } from '@solidjs/router'
import { For, type JSX } from 'solid-js'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { roomPath, rooms } from '../addresses.ts'
import { useText } from '../i18n/language.ts'
import { Icon } from '../kit/Icon.tsx'

/** The phone's navigation; its top edge is the waterline. */
export function TabBar(): JSX.Element {
  const t = useText()
  const workspace = useWorkspace()
  return (
    <nav class="tabbar" aria-label={t('shell.navigation')}>
      <For each={rooms}>
        {(room) => (
          <A href={roomPath(workspace.workspace, room)}>
            <Icon name={room} />
            {t(`shell.${room}`)}
          </A>
        )}
      </For>
      <A href={roomPath(workspace.workspace, 'settings')}>
        <Icon name="more" />
        {t('shell.more')}
      </A>
    </nav>
  )
}
