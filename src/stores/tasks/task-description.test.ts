import { describe, expect, test } from 'vitest'
import { tasks } from '../../domain/collections/tasks.ts'
import { entityMap, richTextOf } from '../../sync/collection-map.ts'
import { inRoot, openBoard } from './testing/open-board.ts'

describe('a description', () => {
  test('typed by two at once converges, and undo takes back only what was typed here', () => {
    inRoot(() => {
      const { store, add, marta } = openBoard()
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
      const { store, add, marta } = openBoard()
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
