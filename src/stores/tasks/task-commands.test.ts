import { describe, expect, test } from 'vitest'
import { tasks } from '../../domain/collections/tasks.ts'
import { byOrder } from '../../domain/tasks/place.ts'
import { entityMap, richTextOf, writeFields } from '../../sync/collection-map.ts'
import type { TaskStore } from './task-store.ts'
import { inRoot, openBoard } from './testing/open-board.ts'

const today = '2026-11-20'

/** The ids of a column, as every device sorts them. */
const column = (store: TaskStore, status: string): string[] =>
  store
    .ids()
    .flatMap((id) => store.byId[id] ?? [])
    .filter((task) => task.status === status)
    .toSorted(byOrder)
    .map((task) => task.id)

describe('commands', () => {
  test('a quick-add line becomes one task, and its new label one label', () => {
    inRoot(() => {
      const { store, labelStore, engine } = openBoard()
      const id = store.commands.add({
        title: 'Trocar ventilador',
        labels: [{ name: 'freezer', id: null }],
        assignee: 'lia',
        priority: 'p1',
        due: { day: today, time: '15:30' },
      })
      const [label] = labelStore.ids()
      expect(store.byId[id]).toMatchObject({
        title: 'Trocar ventilador',
        status: 'backlog',
        assignee: 'lia',
        priority: 'p1',
        due: today,
        due_time: '15:30',
        labels: [label],
        created_by: 'lia',
        unreadable: [],
      })
      expect(labelStore.byId[label ?? '']?.name).toBe('freezer')
      expect(engine.state.get().pending.map((change) => change.entity)).toEqual([label, id])
    })
  })

  test('a bulk move is one transaction with every task as its subject, and keeps their order', () => {
    inRoot(() => {
      const { store, add, board, engine } = openBoard()
      const [c, b, a] = [add('c'), add('b'), add('a')]
      const other = add('other', 'review')
      let transactions = 0
      board.doc.on('afterTransaction', () => transactions++)
      const before = engine.state.get().pending.length
      store.commands.move([c, a], 'review', { after: other })
      expect(transactions).toBe(1)
      expect(column(store, 'review')).toEqual([other, a, c])
      expect(column(store, 'backlog')).toEqual([b])
      expect(
        new Set(
          engine.state
            .get()
            .pending.slice(before)
            .map((change) => change.entity),
        ),
      ).toEqual(new Set([a, c]))
    })
  })

  test('a move to where the task already stands writes nothing', () => {
    inRoot(() => {
      const { store, add } = openBoard()
      const [b, a] = [add('b'), add('a')]
      expect(store.commands.move([a], 'backlog', 'start')).toBeNull()
      expect(store.commands.move([b], 'backlog', { after: a })).toBeNull()
      expect(store.commands.move([b], 'backlog', { before: a })).not.toBeNull()
      expect(column(store, 'backlog')).toEqual([b, a])
    })
  })
})

describe('undo', () => {
  test('takes back one action at a time, also a bulk one, and redo brings it again', () => {
    inRoot(() => {
      const { store, add } = openBoard()
      const [b, a] = [add('b'), add('a')]
      store.commands.set([a, b], { priority: 'p1' })
      store.commands.move([a, b], 'done', 'end')
      store.commands.undo()
      expect([store.byId[a]?.status, store.byId[b]?.status]).toEqual(['backlog', 'backlog'])
      store.commands.undo()
      expect([store.byId[a]?.priority, store.byId[b]?.priority]).toEqual([null, null])
      store.commands.redo()
      store.commands.redo()
      expect(store.byId[b]).toMatchObject({ priority: 'p1', status: 'done' })
      expect(store.commands.canRedo()).toBe(false)
    })
  })

  test('leaves what somebody else has set since, and takes back the rest of the action', () => {
    inRoot(() => {
      const { store, add, marta } = openBoard()
      const [b, a] = [add('b'), add('a')]
      store.commands.set([a, b], { assignee: 'lia' })
      marta.edit(a, { assignee: 'marta', title: 'a, by Marta' })
      expect(store.commands.undo()).toMatchObject({ done: true })
      expect(store.byId[a]).toMatchObject({ assignee: 'marta', title: 'a, by Marta' })
      expect(store.byId[b]?.assignee).toBeNull()
    })
  })

  test('says so when everything of the action was changed by others since', () => {
    inRoot(() => {
      const { store, add, marta } = openBoard()
      const a = add('a')
      store.commands.set([a], { title: 'mine' })
      marta.edit(a, { title: 'hers' })
      expect(store.commands.undo()).toMatchObject({ done: false })
      expect(store.byId[a]?.title).toBe('hers')
    })
  })

  test('of an added task does not take away a task that somebody else has worked on', () => {
    inRoot(() => {
      const { store, add, marta } = openBoard()
      const [a, b] = [add('a'), add('b')]
      marta.edit(a, { priority: 'p2' })
      expect(store.commands.undo()).toMatchObject({ done: true })
      expect(store.has(b)).toBe(false)
      expect(store.commands.undo()).toMatchObject({ done: false })
      expect(store.has(a)).toBe(true)
    })
  })

  test('of a delete restores the task whole, with what others did to it meanwhile', () => {
    inRoot(() => {
      const { store, add, board, marta } = openBoard()
      const a = add('a')
      store.commands.setLabel([a], 'l1', true)
      const mine = store.description(a)
      mine.apply({ index: 0, remove: 0, insert: 'Levar o ventilador' })
      entityMap(board.doc, tasks, a)?.set('estimate', 3)
      marta.sync()
      store.commands.remove([a])
      expect(store.has(a)).toBe(false)
      expect(store.ids()).toEqual([])
      const hers = entityMap(marta.doc, tasks, a)
      if (!hers) throw new Error('Marta has no task')
      richTextOf<typeof tasks>(hers, 'description')?.insert(18, ' de 220 V')
      writeFields(tasks, hers, { assignee: 'marta' })
      marta.sync()
      store.commands.undo()
      marta.sync()
      expect(store.byId[a]).toMatchObject({ title: 'a', labels: ['l1'], assignee: 'marta', deleted_at: null })
      expect(mine.text()).toBe('Levar o ventilador de 220 V')
      expect(entityMap(marta.doc, tasks, a)?.get('estimate')).toBe(3)
      store.commands.redo()
      expect(store.has(a)).toBe(false)
      store.commands.undo()
      expect(store.ids()).toEqual([a])
    })
  })

  test('of a delete that somebody else has undone already says so', () => {
    inRoot(() => {
      const { store, add, marta } = openBoard()
      const a = add('a')
      store.commands.remove([a])
      marta.edit(a, { deleted_at: null })
      expect(store.commands.undo()).toMatchObject({ done: false })
      expect(store.has(a)).toBe(true)
    })
  })

  test('of a label keeps the label that somebody else added beside it', () => {
    inRoot(() => {
      const { store, add, marta } = openBoard()
      const a = add('a')
      store.commands.setLabel([a], 'mine', true)
      marta.edit(a, { labels: ['hers', 'mine'] })
      store.commands.undo()
      expect(store.byId[a]?.labels).toEqual(['hers'])
    })
  })
})
