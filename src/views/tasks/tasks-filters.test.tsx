import { cleanup, fireEvent, screen, waitFor } from '@solidjs/testing-library'
import { afterEach, describe, expect, test } from 'vitest'
import { lia, marta } from '../../stores/tasks/testing/board-workspace.ts'
import { address, card, column, key, titlesIn, type } from './testing/on-screen.ts'
import { renderTasks } from './testing/render-tasks.tsx'

afterEach(cleanup)

describe('filters', () => {
  test('come from the address and go into it', async () => {
    renderTasks([{ title: 'minha', assignee: lia }, { title: 'dela', assignee: marta }, { title: 'solta' }], {
      address: `/w/norte/tasks?who=${marta}`,
    })
    await waitFor(async () => expect(await titlesIn('A fazer')).toEqual(['dela']))
    fireEvent.click(screen.getByRole('button', { name: 'Tirar o filtro Marta Oliveira' }))
    await waitFor(async () => expect(await titlesIn('A fazer')).toEqual(['minha', 'dela', 'solta']))
    expect(address()).toBe('')
    key('/')
    type(await screen.findByRole('searchbox', { name: 'Procurar tarefas' }), 'SOL')
    await waitFor(async () => expect(await titlesIn('A fazer')).toEqual(['solta']))
    expect(address()).toBe('?q=SOL')
    fireEvent.click(screen.getByRole('radio', { name: 'Lista' }))
    await waitFor(() => expect(address()).toBe('?q=SOL&view=list'))
    expect(await card('solta')).toBeDefined()
  })

  test('bring the first column that has something into sight, where one column fills the screen', async () => {
    const came: Element[] = []
    renderTasks([{ title: 'um' }, { title: 'dois', status: 'review' }], { phone: true })
    await card('um')
    Element.prototype.scrollIntoView = function () {
      came.push(this)
    }
    key('/')
    type(await screen.findByRole('searchbox', { name: 'Procurar tarefas' }), 'dois')
    await waitFor(async () => expect(came).toEqual([await column('Revisão')]))
  })

  test('that hide everything say how many, and how to see them', async () => {
    renderTasks([{ title: 'um' }], { address: '/w/norte/tasks?q=nada' })
    expect(await screen.findByText('1 tarefa está escondida por eles.')).toBeDefined()
    fireEvent.click(screen.getAllByRole('button', { name: 'Limpar filtros' })[0] ?? document.body)
    expect(await card('um')).toBeDefined()
  })
})
