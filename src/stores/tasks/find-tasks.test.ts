import { describe, expect, test } from 'vitest'
import { findTasks } from './find-tasks.ts'
import { inRoot, openBoard } from './testing/open-board.ts'

describe('finding tasks', () => {
  test('what says the words just so comes before what has them scattered', () => {
    inRoot(() => {
      const { store, add } = openBoard()
      const meant = add('Rota 36, tarefa 3')
      add('Rota 36, tarefa 4')
      expect(findTasks(store, 'tarefa 3').map((task) => task.id)[0]).toBe(meant)
    })
  })

  test('by words of the title in any order, without accents; what is done comes last, what is deleted never', () => {
    inRoot(() => {
      const { store, add } = openBoard()
      const done = add('Trocar vedação da câmara', 'done')
      const older = add('Vedação da câmara 2')
      const newer = add('Câmara 3: pedir vedação')
      const deleted = add('Vedação da câmara 4')
      add('Compressor')
      store.commands.remove([deleted])
      expect(findTasks(store, ' camara VEDACAO ').map((task) => task.id)).toEqual([newer, older, done])
    })
  })
})
