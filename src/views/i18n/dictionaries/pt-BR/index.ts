import { commands } from './commands.ts'
import type { roomsOnDemand } from './rooms-on-demand.ts'
import { presence } from './presence.ts'
import { shell } from './shell.ts'
import { tasks } from './tasks.ts'

/** What the first paint needs. The words of rooms that load on demand come with the first of them. */
export const ptBR = { commands, presence, shell, tasks }

type Source = typeof ptBR & typeof roomsOnDemand

type Translated<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => string ? (...args: A) => string : string
}

/** The same rooms and keys in any language; only the words differ. */
export type Dictionary = { [R in keyof Source]: Translated<Source[R]> }
export type RoomWords<R extends keyof Dictionary> = Dictionary[R]
