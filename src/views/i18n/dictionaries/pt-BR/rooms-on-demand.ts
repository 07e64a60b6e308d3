import { attachments } from './attachments.ts'
import { auth } from './auth.ts'
import { commandsOnDemand } from './commands-on-demand.ts'
import { settings } from './settings.ts'
import { shellOnDemand } from './shell-on-demand.ts'
import { tasksOnDemand } from './tasks-on-demand.ts'

export const roomsOnDemand = {
  attachments,
  auth,
  commands: commandsOnDemand,
  settings,
  shell: shellOnDemand,
  tasks: tasksOnDemand,
}
