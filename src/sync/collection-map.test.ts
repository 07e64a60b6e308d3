import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { defineCollection } from '../domain/collection.ts'
import { labels } from '../domain/collections/labels.ts'
import { members } from '../domain/collections/members.ts'
import { tasks } from '../domain/collections/tasks.ts'
import { boolean, number, text } from '../domain/fields.ts'
import {
  createEntity,
  entitiesOf,
  entityMap,
  readEntity,
  readField,
  removeEntity,
  richTextOf,
  writeFields,
} from './collection-map.ts'

const id = '01ARYZ6S41TSV4RRFFQ69G5FA1'

function read(doc: Y.Doc) {
  const map = entityMap(doc, tasks, id)
  return map && readEntity(tasks, id, map)
}

function meet(one: Y.Doc, two: Y.Doc) {
  Y.applyUpdate(one, Y.encodeStateAsUpdate(two))
  Y.applyUpdate(two, Y.encodeStateAsUpdate(one))
}

/** Two devices that both know the task. */
function apart() {
  const [one, two] = [new Y.Doc(), new Y.Doc()]
  createEntity(one, tasks, id, { title: 'Pack', labels: ['red'] })
  meet(one, two)
  const edit = (doc: Y.Doc, patch: Parameters<typeof writeFields<typeof tasks>>[2]) => {
    const map = entityMap(doc, tasks, id)
    if (map) writeFields(tasks, map, patch)
  }
  return { one, two, edit }
}

describe('an entity', () => {
  test('reads back as written, with defaults where nothing was', () => {
    const doc = new Y.Doc()
    createEntity(doc, tasks, id, { title: 'Pack', priority: 'p1', labels: ['b', 'a'], due: '2026-02-03' })
    expect(read(doc)).toMatchObject({
      id,
      unreadable: [],
      title: 'Pack',
      status: 'backlog',
      assignee: null,
      priority: 'p1',
      labels: ['a', 'b'],
      due: '2026-02-03',
      order: '',
      created_at: null,
      created_by: null,
    })
  })

  test('takes every collection there is', () => {
    const doc = new Y.Doc()
    const ana = createEntity(doc, members, 'ana', { display_name: 'Ana', role: 'owner', pigment: 'moss' })
    expect(readEntity(members, 'ana', ana)).toMatchObject({ display_name: 'Ana', role: 'owner' })
    const red = createEntity(doc, labels, 'red', { name: 'Urgent', pigment: 'rust' })
    expect(readEntity(labels, 'red', red)).toMatchObject({ name: 'Urgent', pigment: 'rust' })
  })

  test('a value equal to the stored one is not written again', () => {
    const { one, edit } = apart()
    let updates = 0
    one.on('update', () => updates++)
    edit(one, { title: 'Pack', labels: ['red'] })
    expect(updates).toBe(0)
  })

  test.each([{ title: 'x'.repeat(501) }, { due: 'tomorrow' }, { status: 'on_the_moon' }, { nonsense: 1 }])(
    'a value that is none of the field is not written: %j',
    (patch) => {
      const { one, edit } = apart()
      // What the types forbid, an older screen or a slip may still try.
      expect(() => edit(one, patch as never)).toThrow(/tasks/)
      expect(read(one)).toMatchObject({ title: 'Pack', unreadable: [] })
    },
  )
})

describe('what was written elsewhere', () => {
  test.each([
    ['title', 7],
    ['title', new Y.Text('a shared text where a plain one belongs')],
    ['status', 'on_the_moon'],
    ['due', '2026-13-45'],
    ['created_at', 'yesterday'],
    ['order', '!!'],
  ])('[M4] %s that cannot be read shows its default and is named', (field, value) => {
    const { one } = apart()
    entityMap(one, tasks, id)?.set(field, value)
    const entity = read(one)
    expect(entity?.unreadable).toEqual([field])
    expect(entity?.[field as 'title']).toEqual(tasks.fields[field as 'title'].default)
  })

  test('[M4] what is no entity at all is none', () => {
    const doc = new Y.Doc()
    entitiesOf(doc, tasks).set(id, 'a string')
    expect(read(doc)).toBeNull()
  })

  test.each(['__proto__', 'constructor', '__proto__/x', 'constructor/x', '/', ''])(
    '[M4] a key %j made to break readers breaks nothing',
    (key) => {
      const { one } = apart()
      entityMap(one, tasks, id)?.set(key, 'x')
      entitiesOf(one, tasks).set(key, new Y.Map([['title', 'x']]))
      expect(read(one)).toMatchObject({ title: 'Pack', labels: ['red'], unreadable: [] })
      expect(key in Object.prototype && entityMap(one, tasks, key)).not.toBeInstanceOf(Y.Map)
    },
  )

  test('[M5] fields that this app does not know survive its edits', () => {
    const { one, edit } = apart()
    const map = entityMap(one, tasks, id)
    map?.set('estimate', 5)
    map?.set('watchers/ana', true)
    edit(one, { title: 'Pack again', labels: [] })
    expect(map?.get('estimate')).toBe(5)
    expect(map?.get('watchers/ana')).toBe(true)
    expect(read(one)).not.toHaveProperty('estimate')
  })

  test('every kind of field has values and a default', () => {
    const gauges = defineCollection({
      name: 'gauges',
      document: 'fleet',
      table: 'gauges',
      fields: { level: number({ default: 3 }), on: boolean(), name: text({ max: 5, default: 'none' }) },
      version: 1,
    })
    const doc = new Y.Doc()
    const map = createEntity(doc, gauges, id, { on: true })
    expect(readEntity(gauges, id, map)).toEqual({ id, unreadable: [], level: 3, on: true, name: 'none' })
    map.set('level', Infinity)
    expect(readEntity(gauges, id, map).unreadable).toEqual(['level'])
  })
})

describe('two devices apart', () => {
  test('[M1] edits of different fields both stand', () => {
    const { one, two, edit } = apart()
    edit(one, { title: 'Pack the boxes' })
    edit(two, { status: 'done', assignee: 'ana' })
    meet(one, two)
    expect(read(one)).toMatchObject({ title: 'Pack the boxes', status: 'done', assignee: 'ana' })
    expect(read(two)).toEqual(read(one))
  })

  test('[M2] members added to a set on both sides are all in it, and one removed is gone', () => {
    const { one, two, edit } = apart()
    edit(one, { labels: ['red', 'blue'] })
    edit(two, { labels: ['green'] })
    meet(one, two)
    expect(read(one)?.labels).toEqual(['blue', 'green'])
    expect(read(two)).toEqual(read(one))
  })

  test('[M3] a text typed on both sides is one text', () => {
    const { one, two } = apart()
    for (const doc of [one, two]) {
      const map = entityMap(doc, tasks, id)
      if (map) richTextOf<typeof tasks>(map, 'description')?.insert(0, doc === one ? 'left ' : 'right ')
    }
    meet(one, two)
    const map = entityMap(one, tasks, id)
    const typed = map && richTextOf<typeof tasks>(map, 'description')?.toJSON()
    expect(typed).toMatch(/left /)
    expect(typed).toMatch(/right /)
  })

  test('[M6] an entity removed on one side is gone, whatever was edited on the other', () => {
    const { one, two, edit } = apart()
    removeEntity(one, tasks, id)
    edit(two, { title: 'Still here?' })
    meet(one, two)
    expect(read(one)).toBeNull()
    expect(read(two)).toBeNull()
  })

  test('[M7] an entity made on both sides under one id is one of the two, the same everywhere', () => {
    const [one, two] = [new Y.Doc(), new Y.Doc()]
    createEntity(one, members, 'ana', { display_name: 'Ana', role: 'owner' })
    createEntity(two, members, 'ana', { display_name: 'Ana', role: 'owner', pigment: 'moss' })
    meet(one, two)
    expect(entitiesOf(one, members).toJSON()).toEqual(entitiesOf(two, members).toJSON())
    const map = entityMap(one, members, 'ana')
    expect(map && readEntity(members, 'ana', map)).toMatchObject({ display_name: 'Ana', role: 'owner' })
  })
})

describe('a field read alone is as the whole entity has it', () => {
  test.each([
    ['readable', { title: 'Pack', labels: ['red', 'blue'], priority: 'p1' }, {}],
    ['missing', {}, {}],
    ['unreadable', { title: 'Pack' }, { title: 7, status: 'lost', due: 'soon', order: null }],
  ] as const)('%s values', (_name, patch, stored) => {
    const map = createEntity(new Y.Doc(), tasks, id, patch)
    for (const [key, value] of Object.entries(stored)) map.set(key, value)
    const entity = readEntity(tasks, id, map)
    for (const name of Object.keys(tasks.fields)) {
      const field = readField(tasks, map, name)
      expect(field?.value, name).toEqual(entity[name as keyof typeof entity])
      expect(field?.readable ?? true, name).toBe(!entity.unreadable.includes(name))
    }
    expect(readField(tasks, map, 'description')).toBeNull()
    expect(readField(tasks, map, 'nothing')).toBeNull()
  })
})
