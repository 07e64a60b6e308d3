import { screen } from '@solidjs/testing-library'
import { describe, expect, test } from 'vitest'
import { address } from './testing/on-screen.ts'
import { renderTasks } from './testing/render-tasks.tsx'

const board = () =>
  renderTasks([
    { title: 'Trocar ventilador', assignee: 'marta' },
    { title: 'Calibrar sondas' },
    { title: 'Levar peças' },
  ])

describe('[T3] what others do for this person', () => {
  test('a task that somebody gives to me is told once, with a way to it', async () => {
    const { engine, ids, marta } = board()
    engine.state.set({ ...engine.state.get(), lastSyncedAt: 1 })
    await screen.findByText('Calibrar sondas')
    marta.edit(ids['Calibrar sondas'] ?? '', { assignee: 'lia' })
    const [line] = await screen.findAllByText('Uma tarefa para você: Calibrar sondas')
    expect(line).toBeDefined()
    screen.getByRole('button', { name: 'Ver' }).click()
    await expect.poll(() => address()).toContain(`task=${ids['Calibrar sondas']}`)
    // The room of a task is loaded when the first one is opened.
    await screen.findByRole('region', { name: 'Calibrar sondas' }, { timeout: 10_000 })
  })

  test('what others do among themselves, and what a first sync brings, is no news', async () => {
    const { engine, ids, marta } = board()
    marta.edit(ids['Calibrar sondas'] ?? '', { assignee: 'lia' })
    engine.state.set({ ...engine.state.get(), lastSyncedAt: 1 })
    marta.edit(ids['Trocar ventilador'] ?? '', { assignee: null })
    marta.edit(ids['Levar peças'] ?? '', { title: 'Levar as peças' })
    await screen.findByText('Levar as peças')
    expect(screen.queryByText(/para você/)).toBeNull()
  })

  test('a board that comes back whole, since this device could not keep it, is no news', async () => {
    const { engine, ids, marta } = board()
    engine.state.set({ ...engine.state.get(), lastSyncedAt: 1 })
    // Before the document said that it has something to show.
    marta.edit(ids['Calibrar sondas'] ?? '', { assignee: 'lia' })
    marta.edit(ids['Levar peças'] ?? '', { title: 'Levar todas as peças' })
    await screen.findByText('Levar todas as peças')
    expect(screen.queryByText(/para você/)).toBeNull()
  })
})
