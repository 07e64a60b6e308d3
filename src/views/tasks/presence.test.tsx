import { cleanup, fireEvent, screen, waitFor, within } from '@solidjs/testing-library'
import { afterEach, describe, expect, test } from 'vitest'
import { encodeCaret } from '../../stores/tasks/caret.ts'
import { marta } from '../../stores/tasks/testing/board-workspace.ts'
import { tasks } from '../../domain/collections/tasks.ts'
import { entityMap, richTextOf } from '../../sync/collection-map.ts'
import { card } from './testing/on-screen.ts'
import { renderTasks } from './testing/render-tasks.tsx'

afterEach(cleanup)

const board = 'ws/0b9c8f6e-3d52-4a1f-9d55-0d5a6b1c2e3f/board/main'

const at = (entity: string | null, more: { typing?: boolean; cursor?: string; away?: boolean } = {}) => ({
  doc: board,
  entity,
  away: false,
  typing: false,
  cursor: null,
  ...more,
})

describe('who else is on the board', () => {
  test('a card says who has it open, to the eye and to a voice, until they leave', async () => {
    const { engine, ids } = renderTasks([{ title: 'Trocar ventilador' }, { title: 'Outra' }])
    const link = await card('Trocar ventilador')
    engine.presence.people.set([{ id: marta, away: false, places: [at(ids['Trocar ventilador'] ?? '')] }])
    await waitFor(() => expect(link.textContent).toContain('Marta Oliveira está nesta tarefa'))
    const face = link.closest('li')?.querySelector('.avs .av')
    expect(face?.textContent).toBe('MO')
    expect((await card('Outra')).textContent).not.toContain('Marta')
    engine.presence.people.set([])
    await waitFor(() => expect(link.textContent).not.toContain('Marta'))
  })

  test('whoever is not in the directory is nobody', async () => {
    const { engine, ids } = renderTasks([{ title: 'Trocar ventilador' }])
    const link = await card('Trocar ventilador')
    engine.presence.people.set([
      { id: 'nobody-knows', away: false, places: [at(ids['Trocar ventilador'] ?? '')] },
    ])
    expect(link.closest('li')?.querySelector('.avs')).toBeNull()
  })

  test('the open task tells others of itself, and of leaving', async () => {
    const { engine, ids, unmount } = renderTasks([{ title: 'Trocar ventilador' }])
    const id = ids['Trocar ventilador'] ?? ''
    expect(engine.presence.shown).toEqual([{ doc: board, entity: null }])
    fireEvent.click(await card('Trocar ventilador'))
    await waitFor(() => expect(engine.presence.shown.at(-1)).toEqual({ doc: board, entity: id }))
    unmount()
    expect(engine.presence.shown.at(-1)).toEqual({ doc: null, entity: null })
  })
})

describe('in an open task', () => {
  test('one sees who is there, who writes, and where', async () => {
    const { engine, ids } = renderTasks([
      { title: 'Trocar ventilador', description: 'O ventilador não liga' },
    ])
    const id = ids['Trocar ventilador'] ?? ''
    fireEvent.click(await card('Trocar ventilador'))
    const pane = within(await screen.findByRole('region', { name: 'Trocar ventilador' }, { timeout: 5_000 }))
    const field = await pane.findByRole<HTMLTextAreaElement>('textbox', { name: 'Descrição' })
    const map = entityMap(engine.open(board).doc, tasks, id)
    const text = map && richTextOf<typeof tasks>(map, 'description')
    const cursor = text ? encodeCaret(text, 12) : ''
    engine.presence.people.set([{ id: marta, away: false, places: [at(id, { typing: true, cursor })] }])
    expect(await pane.findByText(/Marta Oliveira está editando/)).toBeDefined()
    const carets = field.parentElement?.querySelector('.carets')
    expect(carets?.textContent).toBe('O ventiladorMarta')
    text?.insert(0, '>> ')
    await waitFor(() => expect(carets?.isConnected && carets.textContent).toBe('>> O ventiladorMarta'))
    engine.presence.people.set([{ id: marta, away: false, places: [at(id)] }])
    await waitFor(() => expect(pane.queryByText(/está editando/)).toBeNull())
    expect(field.parentElement?.querySelector('.carets')).toBeNull()
  })

  test('typing is told', async () => {
    const { engine } = renderTasks([{ title: 'Trocar ventilador', description: 'não liga' }])
    fireEvent.click(await card('Trocar ventilador'))
    const field = await screen.findByRole<HTMLTextAreaElement>(
      'textbox',
      { name: 'Descrição' },
      { timeout: 5_000 },
    )
    field.focus()
    fireEvent.input(field, { target: { value: 'não liga mais' } })
    expect(engine.presence.shown).toContain('types')
  })
})
