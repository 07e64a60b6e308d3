import { useNavigate } from '@solidjs/router'
import { useApp } from '../../stores/app-context.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { rooms, settingsPath } from '../addresses.ts'
import { registerCommands, type Command } from '../commands/registry.ts'
import { useText } from '../i18n/language.ts'
import type { Shell } from './shell-context.ts'
import { setSyncPanelOpen } from './sync-panel-state.ts'

const roomTitles = {
  inbox: 'commands.goInbox',
  tasks: 'commands.goTasks',
  office: 'commands.goOffice',
  channels: 'commands.goChannels',
} as const
const roomKeys = { inbox: 'g i', tasks: 'g t', office: 'g o', channels: 'g c' } as const

/** What can be done from anywhere inside a workspace. */
export function registerShellCommands(shell: Shell): void {
  const t = useText()
  const app = useApp()
  const navigate = useNavigate()
  const workspace = useWorkspace()

  registerCommands((): Command[] => [
    ...rooms.map((room) => ({
      id: `go.${room}`,
      title: () => t(roomTitles[room]),
      group: 'go' as const,
      icon: room,
      keys: [roomKeys[room]],
      run: () => shell.goTo(room),
    })),
    {
      id: 'go.settings',
      title: () => t('commands.goSettings'),
      group: 'go',
      icon: 'settings',
      keys: ['g s'],
      run: () => shell.goTo('settings'),
    },
    {
      id: 'go.profile',
      title: () => t('commands.goProfile'),
      group: 'go',
      icon: 'user',
      run: () => navigate(settingsPath(workspace.workspace, 'profile')),
    },
    {
      id: 'go.sync',
      title: () => t('commands.goSync'),
      group: 'go',
      icon: 'waves',
      run: () => navigate(settingsPath(workspace.workspace, 'sync')),
    },
    {
      id: 'go.members',
      title: () => t('commands.goMembers'),
      group: 'go',
      icon: 'users',
      run: () => navigate(settingsPath(workspace.workspace, 'members')),
    },
    ...app.session
      .workspaces()
      .filter((other) => other.id !== workspace.workspace.id)
      .map((other) => ({
        id: `go.workspace.${other.id}`,
        title: () => t('commands.switchWorkspace', other.name),
        group: 'go' as const,
        icon: 'updown' as const,
        run: () => shell.switchTo(other),
      })),
    {
      id: 'sync.now',
      title: () => t('commands.syncNow'),
      group: 'sync',
      icon: 'refresh',
      run: () => void workspace.syncNow(),
    },
    {
      id: 'sync.panel',
      title: () => t('commands.syncPanel'),
      group: 'sync',
      icon: 'device',
      keys: ['g w'],
      run: () => setSyncPanelOpen(true),
    },
    {
      id: 'app.new-workspace',
      title: () => t('shell.newWorkspace'),
      group: 'app',
      icon: 'plus',
      run: () => shell.askNewWorkspace(),
    },
    {
      id: 'app.sign-out',
      title: () => t('commands.signOut'),
      group: 'app',
      icon: 'lock',
      when: () => app.session.signedIn(),
      run: () => shell.askSignOut(),
    },
    {
      id: 'app.sign-in',
      title: () => t('commands.signIn'),
      group: 'app',
      icon: 'key',
      when: () => !app.session.signedIn(),
      run: () => shell.signIn(),
    },
  ])
}
