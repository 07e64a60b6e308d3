import { createRoot, createSignal } from 'solid-js'
import { For } from 'solid-js'
import { render } from '@solidjs/testing-library'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { labels } from '../../domain/collections/labels.ts'
import { type TaskStatus, tasks } from '../../domain/collections/tasks.ts'
import { NO_FILTER, type TaskFilter } from '../../domain/tasks/filter.ts'
import { entityMap, richTextOf, writeFields } from '../../sync/collection-map.ts'
import { makeMemoryEngine } from '../../sync/testing/memory-engine.ts'
import { createCollectionStore } from '../collection-store.ts'
import { createTaskColumns } from './task-columns.ts'
import { type TaskStore, createTaskStore } from './task-store.ts'

const workspace = 'ws/0b9c8f6e-3d52-4a1f-9d55-0d5a6b1c2e3f'
const today = '2026-11-20'

function open() {
  const engine = makeMemoryEngine()
  const board = engine.open(`${workspace}/board/main`)
  const directory = engine.open(`${workspace}/directory`)
  let tick = Date.parse('2026-11-20T14:32:00Z')
  const labelStore = createCollectionStore(directory, labels)
  const store = createTaskStore({
    board,
    directory,
    labels: labelStore,
    person: 'lia',
    now: () => tick++,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    random: Math.random,
  })
  const add = (title: string, status: TaskStatus = 'backlog') =>
    store.commands.add({ title, status, labels: [], assignee: null, priority: null, due: null })
  return { engine, board, store, labelStore, add, marta: makePeer(board.doc) }
}

/** Another person's copy of the document; `sync` brings both to the same state. */
function makePeer(mine: Y.Doc) {
  const theirs = new Y.Doc()
  const sync = () => {
    Y.applyUpdate(theirs, Y.encodeStateAsUpdate(mine), 'log')
    Y.applyUpdate(mine, Y.encodeStateAsUpdate(theirs), 'log')
  }
  const edit = (id: string, patch: Parameters<typeof writeFields<typeof tasks>>[2]) => {
    sync()
    const map = entityMap(theirs, tasks, id)
    if (!map) throw new Error(`Marta has no task ${id}`)
    writeFields(tasks, map, patch)
    sync()
  }
  return { doc: theirs, sync, edit }
}

function columnsOf(store: TaskStore, filter: () => TaskFilter = () => NO_FILTER, held = () => false) {
  return createTaskColumns(store, filter, () => today, held)
}

const inRoot = <T,>(body: () => T): T =>
  createRoot((dispose) => {
    const result = body()
    dispose()
    return result
  })

describe('commands', () => {
  test('a quick-add line becomes one task, and its new label one label', () => {
    inRoot(() => {
      const { store, labelStore, engine } = open()
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
      const { store, add, board, engine } = open()
      const [c, b, a] = [add('c'), add('b'), add('a')]
      const other = add('other', 'review')
      const columns = columnsOf(store)
      let transactions = 0
      board.doc.on('afterTransaction', () => transactions++)
      const before = engine.state.get().pending.length
      store.commands.move([c, a], 'review', { after: other })
      expect(transactions).toBe(1)
      expect(columns.review()).toEqual([other, a, c])
      expect(columns.backlog()).toEqual([b])
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
      const { store, add } = open()
      const [b, a] = [add('b'), add('a')]
      expect(store.commands.move([a], 'backlog', 'start')).toBeNull()
      expect(store.commands.move([b], 'backlog', { after: a })).toBeNull()
      expect(store.commands.move([b], 'backlog', { before: a })).not.toBeNull()
      expect(columnsOf(store).backlog()).toEqual([b, a])
    })
  })
})

describe('undo', () => {
  test('takes back one action at a time, also a bulk one, and redo brings it again', () => {
    inRoot(() => {
      const { store, add } = open()
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
      const { store, add, marta } = open()
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
      const { store, add, marta } = open()
      const a = add('a')
      store.commands.set([a], { title: 'mine' })
      marta.edit(a, { title: 'hers' })
      expect(store.commands.undo()).toMatchObject({ done: false })
      expect(store.byId[a]?.title).toBe('hers')
    })
  })

  test('of an added task does not take away a task that somebody else has worked on', () => {
    inRoot(() => {
      const { store, add, marta } = open()
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
      const { store, add, board, marta } = open()
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
      const { store, add, marta } = open()
      const a = add('a')
      store.commands.remove([a])
      marta.edit(a, { deleted_at: null })
      expect(store.commands.undo()).toMatchObject({ done: false })
      expect(store.has(a)).toBe(true)
    })
  })

  test('of a label keeps the label that somebody else added beside it', () => {
    inRoot(() => {
      const { store, add, marta } = open()
      const a = add('a')
      store.commands.setLabel([a], 'mine', true)
      marta.edit(a, { labels: ['hers', 'mine'] })
      store.commands.undo()
      expect(store.byId[a]?.labels).toEqual(['hers'])
    })
  })
})

describe('columns', () => {
  test('one changed field renders one node, and a moved card only the columns that changed', () => {
    const { store, add } = open()
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
  })

  test('stand still while held, and catch up when let go', () => {
    inRoot(() => {
      const { store, add, marta } = open()
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
      const { store, add } = open()
      const [b, a] = [add('Câmara fria'), add('Frota')]
      const [filter, setFilter] = createSignal<TaskFilter>(NO_FILTER)
      const columns = columnsOf(store, filter)
      expect(columns.backlog()).toEqual([a, b])
      setFilter({ ...NO_FILTER, text: 'camara' })
      expect(columns.backlog()).toEqual([b])
    })
  })
})

describe('a description', () => {
  test('typed by two at once converges, and undo takes back only what was typed here', () => {
    inRoot(() => {
      const { store, add, marta } = open()
      const a = add('a')
      const mine = store.description(a)
      const heard: string[] = []
      mine.onChange((changes) => {
        if (changes !== 'replaced') heard.push(...changes.map((change) => change.insert))
      })
      mine.apply({ index: 0, remove: 0, insert: 'hello' })
      marta.sync()
      const map = entityMap(marta.doc, tasks, a)
      const hers = map && richTextOf<typeof tasks>(map, 'description')
      hers?.insert(0, 'Marta: ')
      mine.apply({ index: 5, remove: 0, insert: ' world' })
      marta.sync()
      expect(mine.text()).toBe('Marta: hello world')
      expect(hers?.toString()).toBe('Marta: hello world')
      expect(heard).toEqual(['Marta: '])
      mine.undo()
      expect(mine.text()).toBe('Marta: ')
      mine.redo()
      expect(mine.text()).toBe('Marta: hello world')
    })
  })

  test('deleted and restored by another in one go is followed in its new text', () => {
    inRoot(() => {
      const { store, add, marta } = open()
      const a = add('a')
      const mine = store.description(a)
      mine.apply({ index: 0, remove: 0, insert: 'old' })
      const heard: unknown[] = []
      mine.onChange((changes) => heard.push(changes))
      marta.sync()
      marta.doc.transact(() => {
        const entities = marta.doc.getMap('tasks')
        const copy = entityMap(marta.doc, tasks, a)?.clone()
        entities.delete(a)
        entities.set(a, copy)
      })
      marta.sync()
      expect(mine.text()).toBe('old')
      expect(heard).toEqual(['replaced'])
      mine.apply({ index: 3, remove: 0, insert: ' and new' })
      marta.sync()
      const map = entityMap(marta.doc, tasks, a)
      expect(map && richTextOf<typeof tasks>(map, 'description')?.toString()).toBe('old and new')
    })
  })
})
