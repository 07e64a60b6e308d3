import { A } from '@solidjs/router'
import { For, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { roomPath, rooms } from '../addresses.ts'
import { setPaletteOpen } from '../commands/palette-state.ts'
import { useText } from '../i18n/language.ts'
import { Avatar } from '../kit/Avatar.tsx'
import { Icon } from '../kit/Icon.tsx'
import { Kbd } from '../kit/Kbd.tsx'
import { Mark } from '../kit/Mark.tsx'
import { Menu } from '../kit/Menu.tsx'
import { PeopleHere } from './PeopleHere.tsx'
import { useShell } from './shell-context.ts'

/** The handle is its own divider: it stands in here, so that it belongs to a landmark. */
export function Sidebar(props: { handle: JSX.Element }): JSX.Element {
  const t = useText()
  const app = useApp()
  const shell = useShell()
  const workspace = useWorkspace()
  return (
    <aside class="side" aria-label="Tideline">
      <Menu
        label={t('shell.switchWorkspace')}
        triggerClass="ws"
        trigger={
          <>
            <Mark />
            <span class="clip">{workspace.workspace.name}</span>
            <Icon name="updown" size={14} />
          </>
        }
        entries={() => [
          { kind: 'heading', label: t('shell.workspaces') },
          ...app.session.workspaces().map((one) => ({
            label: one.name,
            checked: one.id === workspace.workspace.id,
            run: () => shell.switchTo(one),
          })),
          { kind: 'separator' },
          { label: t('shell.newWorkspace'), icon: 'plus', run: () => shell.askNewWorkspace() },
          { label: t('shell.settings'), icon: 'settings', run: () => shell.goTo('settings') },
          app.session.signedIn()
            ? { label: t('shell.signOut'), icon: 'lock', run: () => shell.askSignOut() }
            : { label: t('shell.signIn'), icon: 'key', run: () => shell.signIn() },
        ]}
      />
      <button type="button" class="find" onClick={() => setPaletteOpen(true)}>
        <Icon name="search" size={14} />
        <span class="clip">{t('shell.searchOrAct')}</span>
        <Kbd keys="$mod+K" />
      </button>
      <nav class="nav" aria-label={t('shell.main')}>
        <For each={rooms}>
          {(room) => (
            <A
              href={roomPath(workspace.workspace, room)}
              data-tip={t(`shell.${room}`)}
              data-tip-at="end"
              data-tip-keys={`g ${room[0] ?? ''}`}
            >
              <Icon name={room} />
              <span class="clip">{t(`shell.${room}`)}</span>
            </A>
          )}
        </For>
      </nav>
      <PeopleHere most={6} size={24} class="side-here" />
      <div class="me">
        <Avatar id={workspace.person.id} name={workspace.person.name} />
        <span class="clip grow">{workspace.person.name}</span>
        <A
          class="ib"
          href={roomPath(workspace.workspace, 'settings')}
          aria-label={t('shell.settings')}
          data-tip={t('shell.settings')}
          data-tip-keys="g s"
        >
          <Icon name="settings" />
        </A>
      </div>
      {props.handle}
    </aside>
  )
}
