import { For, createRoot, createSignal } from 'solid-js'
import { render } from '@solidjs/testing-library'
import { describe, expect, test } from 'vitest'
import type { TaskStatus } from '../../domain/collections/tasks.ts'
import { NO_FILTER, type TaskFilter } from '../../domain/tasks/filter.ts'
import { type Hold, createTaskColumns } from './task-columns.ts'
import type { TaskStore } from './task-store.ts'
import { inRoot, openBoard } from './testing/open-board.ts'

const today = '2026-11-20'

const free: Hold = { grabbed: () => false, under: () => null, stacked: () => false }

function columnsOf(store: TaskStore, filter: () => TaskFilter = () => NO_FILTER, hold: Partial<Hold> = {}) {
  return createTaskColumns(store, filter, () => today, { ...free, ...hold })
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

  test('stand still while a card is in the hand, and catch up when it is let go', () => {
    inRoot(() => {
      const { store, add, marta } = openBoard()
      const [b, a] = [add('b'), add('a')]
      const [grabbed, setGrabbed] = createSignal(false)
      const columns = columnsOf(store, () => NO_FILTER, { grabbed })
      setGrabbed(true)
      marta.edit(b, { status: 'done' })
      expect(columns.backlog()).toEqual([a, b])
      setGrabbed(false)
      expect(columns.backlog()).toEqual([a])
      expect(columns.done()).toEqual([b])
    })
  })

  test('nothing moves under a pointer; below it and beside it others show at once', () => {
    inRoot(() => {
      const { store, add, marta } = openBoard()
      const [c, b, a] = [add('c'), add('b'), add('a')]
      const [under, setUnder] = createSignal<ReturnType<Hold['under']>>({ id: b, status: 'backlog' })
      const columns = columnsOf(store, () => NO_FILTER, { under })
      expect(columns.backlog()).toEqual([a, b, c])
      marta.edit(c, { status: 'done' })
      expect([columns.backlog(), columns.done()]).toEqual([[a, b], [c]])
      marta.edit(a, { status: 'done' })
      expect([columns.backlog(), columns.done()]).toEqual([[a, b], [c]])
      marta.edit(b, { status: 'review' })
      expect([columns.backlog(), columns.review()]).toEqual([[a, b], []])
      setUnder(null)
      expect([columns.backlog(), columns.review()]).toEqual([[], [b]])
      expect(columns.done().toSorted()).toEqual([a, c].toSorted())
    })
  })

  test('in a list, what stands above the pointer holds too', () => {
    inRoot(() => {
      const { store, add, marta } = openBoard()
      const [a, b] = [add('a'), add('b', 'review')]
      const under = () => ({ id: b, status: 'review' as const })
      const columns = columnsOf(store, () => NO_FILTER, { under, stacked: () => true })
      marta.edit(a, { status: 'done' })
      expect([columns.backlog(), columns.review(), columns.done()]).toEqual([[a], [b], []])
    })
  })

  test('under a pointer one’s own command, its undo and a filter show at once', () => {
    inRoot(() => {
      const { store, add } = openBoard()
      const [b, a] = [add('b'), add('a')]
      const [filter, setFilter] = createSignal<TaskFilter>(NO_FILTER)
      const columns = columnsOf(store, filter, { under: () => ({ id: b, status: 'backlog' }) })
      store.commands.move([b], 'done', 'end')
      expect([columns.backlog(), columns.done()]).toEqual([[a], [b]])
      store.commands.undo()
      expect([columns.backlog(), columns.done()]).toEqual([[a, b], []])
      setFilter({ ...NO_FILTER, text: 'b' })
      expect(columns.backlog()).toEqual([b])
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
