import type { RoomWords } from '../pt-BR/index.ts'

export const tasks: RoomWords<'tasks'> = {
  title: 'Tasks',
}
