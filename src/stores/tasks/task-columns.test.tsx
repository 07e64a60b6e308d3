import { For, createRoot, createSignal } from 'solid-js'
import { render } from '@solidjs/testing-library'
import { describe, expect, test } from 'vitest'
import type { TaskStatus } from '../../domain/collections/tasks.ts'
import { NO_FILTER, type TaskFilter } from '../../domain/tasks/filter.ts'
import { createTaskColumns } from './task-columns.ts'
import type { TaskStore } from './task-store.ts'
import { inRoot, openBoard } from './testing/open-board.ts'

const today = '2026-11-20'

function columnsOf(store: TaskStore, filter: () => TaskFilter = () => NO_FILTER, held = () => false) {
  return createTaskColumns(store, filter, () => today, held)
}

describe('columns', () => {
  test('one changed field renders one node, and a moved card only the columns that changed', () => {
    const { store, add, dispose } = createRoot((dispose) => ({ ...openBoard(), dispose }))
    const ids = Array.from({ length: 50 }, (_, index) =>
      add(`task ${index}`, index % 2 ? 'backlog' : 'review'),
    )
    const renders: string[] = []
    const runs: Partial<Record<TaskStatus, number>> = {}
    render(() => {
      const columns = columnsOf(store)
      return (['backlog', 'review', 'done'] as const).map((status) => (
        <ul>
          <For
            each={
              // counts how often the list itself is told of a new sequence
              ((runs[status] = (runs[status] ?? 0) + 1), columns[status]())
            }
          >
            {(id) => {
              renders.push(`card ${id}`)
              return <li>{(renders.push(`title ${id}`), store.byId[id]?.title)}</li>
            }}
          </For>
        </ul>
      ))
    })
    expect(renders).toHaveLength(100)
    const [reviewed = ''] = ids
    renders.length = 0
    store.commands.set([reviewed], { title: 'another title' })
    expect(renders).toEqual([`title ${reviewed}`])
    renders.length = 0
    const before = { ...runs }
    store.commands.move([reviewed], 'done', 'end')
    expect(renders).toEqual([`card ${reviewed}`, `title ${reviewed}`])
    expect(runs).toEqual({
      backlog: before.backlog,
      review: (before.review ?? 0) + 1,
      done: (before.done ?? 0) + 1,
    })
    dispose()
  })

  test('stand still while held, and catch up when let go', () => {
    inRoot(() => {
      const { store, add, marta } = openBoard()
      const [b, a] = [add('b'), add('a')]
      const [held, setHeld] = createSignal(false)
      const columns = columnsOf(store, () => NO_FILTER, held)
      setHeld(true)
      marta.edit(b, { status: 'done' })
      expect(columns.backlog()).toEqual([a, b])
      setHeld(false)
      expect(columns.backlog()).toEqual([a])
      expect(columns.done()).toEqual([b])
    })
  })

  test('show what the filter asks for', () => {
    inRoot(() => {
      const { store, add } = openBoard()
      const [b, a] = [add('Câmara fria'), add('Frota')]
      const [filter, setFilter] = createSignal<TaskFilter>(NO_FILTER)
      const columns = columnsOf(store, filter)
      expect(columns.backlog()).toEqual([a, b])
      setFilter({ ...NO_FILTER, text: 'camara' })
      expect(columns.backlog()).toEqual([b])
    })
  })
})
