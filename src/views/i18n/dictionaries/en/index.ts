import type { Dictionary } from '../pt-BR/index.ts'
import { auth } from './auth.ts'
import { commands } from './commands.ts'
import { settings } from './settings.ts'
import { shell } from './shell.ts'
import { tasks } from './tasks.ts'

export const en: Dictionary = { auth, commands, settings, shell, tasks }
