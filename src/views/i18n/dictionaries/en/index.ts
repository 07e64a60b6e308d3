import type { Dictionary } from '../pt-BR/index.ts'
import { attachments } from './attachments.ts'
import { auth } from './auth.ts'
import { commands } from './commands.ts'
import { presence } from './presence.ts'
import { settings } from './settings.ts'
import { shell } from './shell.ts'
import { tasks } from './tasks.ts'

export const en: Dictionary = { attachments, auth, commands, presence, settings, shell, tasks }
