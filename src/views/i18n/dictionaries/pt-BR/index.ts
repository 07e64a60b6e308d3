import { auth } from './auth.ts'
import { commands } from './commands.ts'
import { settings } from './settings.ts'
import { shell } from './shell.ts'
import { tasks } from './tasks.ts'

export const ptBR = { auth, commands, settings, shell, tasks }

type Translated<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => string ? (...args: A) => string : string
}

/** The same rooms and keys in any language; only the words differ. */
export type Dictionary = { [R in keyof typeof ptBR]: Translated<(typeof ptBR)[R]> }
export type RoomWords<R extends keyof Dictionary> = Dictionary[R]
