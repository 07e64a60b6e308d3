import { createRoot } from 'solid-js'
import { render } from '@solidjs/testing-library'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { tasks } from '../domain/collections/tasks.ts'
import { createEntity, entityMap, removeEntity, richTextOf, writeFields } from '../sync/collection-map.ts'
import { makeMemoryEngine } from '../sync/testing/memory-engine.ts'
import { createCollectionStore } from './collection-store.ts'

const board = 'ws/0b9c8f6e-3d52-4a1f-9d55-0d5a6b1c2e3f/board/main'
const one = '01ARYZ6S41TSV4RRFFQ69G5FA1'
const two = '01ARYZ6S41TSV4RRFFQ69G5FA2'

function openBoard() {
  const handle = makeMemoryEngine().open(board)
  return { handle, doc: handle.doc }
}

function write(doc: Y.Doc, id: string, patch: Parameters<typeof writeFields<typeof tasks>>[2]) {
  const map = entityMap(doc, tasks, id)
  if (map === null) throw new Error(`no task ${id}`)
  writeFields(tasks, map, patch)
}

describe('createCollectionStore', () => {
  test('one changed field renders one node again', () => {
    const { handle, doc } = openBoard()
    createEntity(doc, tasks, one, { title: 'Call the carrier', labels: ['red'] })
    createEntity(doc, tasks, two, { title: 'Order boxes' })
    const renders: string[] = []
    const { container } = render(() => {
      const store = createCollectionStore(handle, tasks)
      const cell = (id: string, name: 'title' | 'status' | 'labels') => (
        <i>
          {(() => {
            renders.push(`${id.at(-1)} ${name}`)
            return String(store.byId[id]?.[name])
          })()}
        </i>
      )
      return [one, two].map((id) => (
        <p>
          {cell(id, 'title')} {cell(id, 'status')} {cell(id, 'labels')}
        </p>
      ))
    })
    expect(renders).toHaveLength(6)
    renders.length = 0

    write(doc, one, { title: 'Call the carrier again' })
    expect(renders).toEqual(['1 title'])
    write(doc, two, { status: 'done' })
    expect(renders).toEqual(['1 title', '2 status'])
    write(doc, one, { labels: ['red', 'blue'] })
    expect(renders).toEqual(['1 title', '2 status', '1 labels'])
    expect(container.textContent).toContain('blue,red')
  })

  test('a list renders again when a row comes or goes, and not when a field changes', () => {
    createRoot((dispose) => {
      const { handle, doc } = openBoard()
      const store = createCollectionStore(handle, tasks)
      createEntity(doc, tasks, two, { title: 'b' })
      const before = store.ids()
      write(doc, two, { title: 'c' })
      expect(store.ids()).toBe(before)
      createEntity(doc, tasks, one, { title: 'a' })
      expect(store.ids()).toEqual([one, two])
      removeEntity(doc, tasks, two)
      expect(store.ids()).toEqual([one])
      expect(store.has(two)).toBe(false)
      expect(store.byId[two]).toBeUndefined()
      dispose()
    })
  })

  test('an entity removed and laid again in one transaction shows its new values', () => {
    createRoot((dispose) => {
      const { handle, doc } = openBoard()
      createEntity(doc, tasks, one, { title: 'a', labels: ['red'] })
      const store = createCollectionStore(handle, tasks)
      doc.transact(() => {
        removeEntity(doc, tasks, one)
        createEntity(doc, tasks, one, { title: 'b' })
      })
      expect(store.byId[one]).toMatchObject({ id: one, title: 'b', labels: [] })
      dispose()
    })
  })

  test('a value that cannot be read shows its default, is named, and comes back when it is mended', () => {
    createRoot((dispose) => {
      const { handle, doc } = openBoard()
      const map = createEntity(doc, tasks, one, { title: 'a' })
      const store = createCollectionStore(handle, tasks)
      map.set('status', 'on_the_moon')
      expect(store.byId[one]).toMatchObject({ status: 'backlog', unreadable: ['status'], title: 'a' })
      map.set('status', 'review')
      expect(store.byId[one]).toMatchObject({ status: 'review', unreadable: [] })
      doc.getMap('tasks').set(two, 'no map at all')
      expect(store.ids()).toEqual([one])
      dispose()
    })
  })

  test('typing in a description does not touch the store', () => {
    createRoot((dispose) => {
      const { handle, doc } = openBoard()
      const map = createEntity(doc, tasks, one, { title: 'a' })
      const store = createCollectionStore(handle, tasks)
      const before = store.byId[one]
      richTextOf<typeof tasks>(map, 'description')?.insert(0, 'long story')
      expect(store.byId[one]).toBe(before)
      dispose()
    })
  })

  test('after its owner is gone the store follows the document no more', () => {
    const { handle, doc } = openBoard()
    const store = createRoot((dispose) => {
      const made = createCollectionStore(handle, tasks)
      dispose()
      return made
    })
    createEntity(doc, tasks, one, { title: 'a' })
    expect(store.ids()).toEqual([])
  })
})
