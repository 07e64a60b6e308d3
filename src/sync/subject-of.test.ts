import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { tasks } from '../domain/collections/tasks.ts'
import { createEntity, richTextOf, writeFields } from './collection-map.ts'
import { subjectOf } from './subject-of.ts'

test('an edit without a subject is about what it touched', () => {
  const doc = new Y.Doc()
  const subjects: unknown[] = []
  doc.on('update', (_update, _origin, _doc, transaction: Y.Transaction) =>
    subjects.push(subjectOf(transaction, 'd')),
  )
  const map = createEntity(doc, tasks, 'one', {})
  subjects.length = 0
  writeFields(tasks, map, { title: 'a' })
  writeFields(tasks, map, { labels: ['red'] })
  richTextOf<typeof tasks>(map, 'description')?.insert(0, 'typed')
  doc.getMap('tasks').delete('one')
  doc.getText('loose').insert(0, 'x')
  expect(subjects).toEqual([
    { collection: 'tasks', entity: 'one', fields: ['title'] },
    { collection: 'tasks', entity: 'one', fields: ['labels'] },
    { collection: 'tasks', entity: 'one', fields: ['description'] },
    { collection: 'tasks', entity: 'one', fields: [] },
    { collection: 'loose', entity: 'd', fields: [] },
  ])
})
