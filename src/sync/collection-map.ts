/**
 * A collection's declaration laid into a Y.Doc. The collection is a root map by name; an entity is a map in it,
 * keyed by its id; a scalar field is one key; a set is one key per member, `field/member`, so that two people adding
 * to it while apart both succeed; a rich text is a Y.Text made together with its entity, since a text made later by
 * two devices at once would lose one of the two. Keys that no declaration knows are left alone.
 */
import * as v from 'valibot'
import * as Y from 'yjs'
import type { Collection, Entity, RichTextName, Values } from '../domain/collection.ts'

export type EntityMap = Y.Map<unknown>

export type Patch<C extends Collection> = Partial<Values<C>>

export function entitiesOf(doc: Y.Doc, collection: Collection): Y.Map<unknown> {
  return doc.getMap(collection.name)
}

/** The map of an entity, or null when there is none (or when something that is no entity lies in its place). */
export function entityMap(doc: Y.Doc, collection: Collection, id: string): EntityMap | null {
  // Such an id would find what every object has instead of an entity.
  if (id in Object.prototype) return null
  const map = entitiesOf(doc, collection).get(id)
  return map instanceof Y.Map ? map : null
}

/** The field that a key of an entity's map belongs to. */
export function fieldOfKey(key: string): string {
  const slash = key.indexOf('/')
  return slash < 0 ? key : key.slice(0, slash)
}

function membersIn(map: EntityMap, name: string): string[] {
  const members: string[] = []
  for (const key of map.keys()) {
    if (key.startsWith(`${name}/`)) members.push(key.slice(name.length + 1))
  }
  return members.sort()
}

const allReadable: readonly string[] = []

/** A value that is none of its field shows the field's default instead, and the field is named as unreadable. */
export function readEntity<C extends Collection>(collection: C, id: string, map: EntityMap): Entity<C> {
  // One walk over the keys: asking the map field by field costs several times as much, and lists are long.
  const stored = new Map<string, unknown>()
  map.forEach((value, key) => {
    const name = fieldOfKey(key)
    if (name === key) return void stored.set(key, value)
    const members = stored.get(`${name}/`)
    if (Array.isArray(members)) members.push(key.slice(name.length + 1))
    else stored.set(`${name}/`, [key.slice(name.length + 1)])
  })
  const entity: Record<string, unknown> = { id }
  let unreadable: string[] | null = null
  for (const name in collection.fields) {
    const field = collection.fields[name]
    if (field === undefined || !('schema' in field)) continue
    const value = stored.get(field.kind === 'set' ? `${name}/` : name)
    if (field.kind === 'set' && Array.isArray(value)) value.sort()
    const parsed = value === undefined ? null : v.safeParse(field.schema, value)
    entity[name] = parsed?.success ? parsed.output : field.default
    if (parsed?.success === false) (unreadable ??= []).push(name)
  }
  entity['unreadable'] = unreadable ?? allReadable
  // The loop above has filled exactly the fields of the declaration.
  return entity as Entity<C>
}

/** One field as `readEntity` reads it, for whoever knows that no other has changed; null for what is no such field. */
export function readField(
  collection: Collection,
  map: EntityMap,
  name: string,
): { value: unknown; readable: boolean } | null {
  const field = collection.fields[name]
  if (field === undefined || !('schema' in field)) return null
  const members = field.kind === 'set' ? membersIn(map, name) : null
  const stored = members === null ? map.get(name) : members.length > 0 ? members : undefined
  if (stored === undefined) return { value: field.default, readable: true }
  const parsed = v.safeParse(field.schema, stored)
  return parsed.success ? { value: parsed.output, readable: true } : { value: field.default, readable: false }
}

/** Writes the given fields and touches no other key; a value equal to the stored one is not written again. */
export function writeFields<C extends Collection>(collection: C, map: EntityMap, patch: Patch<C>): void {
  for (const [name, value] of Object.entries(patch)) {
    const field = collection.fields[name]
    if (field === undefined || !('schema' in field))
      throw new Error(`${collection.name} has no field ${name} to write`)
    if (value === undefined) continue
    const parsed = v.safeParse(field.schema, value)
    if (!parsed.success) throw new Error(`${collection.name}.${name} does not take this value`)
    if (field.kind === 'set') writeMembers(map, name, value as readonly string[])
    else if (map.get(name) !== value) map.set(name, value)
  }
}

function writeMembers(map: EntityMap, name: string, members: readonly string[]): void {
  const wanted = new Set(members)
  for (const present of membersIn(map, name)) {
    if (!wanted.delete(present)) map.delete(`${name}/${present}`)
  }
  for (const added of wanted) map.set(`${name}/${added}`, true)
}

/** Lays a new entity under its id. One that is already there is written over field by field, not replaced. */
export function createEntity<C extends Collection>(
  doc: Y.Doc,
  collection: C,
  id: string,
  values: Patch<C>,
): EntityMap {
  const existing = entityMap(doc, collection, id)
  if (existing !== null) {
    writeFields(collection, existing, values)
    return existing
  }
  const map: EntityMap = new Y.Map()
  entitiesOf(doc, collection).set(id, map)
  for (const name in collection.fields) {
    if (collection.fields[name]?.kind === 'richText') map.set(name, new Y.Text())
  }
  writeFields(collection, map, values)
  return map
}

/** Removes an entity. An edit of one of its fields made elsewhere at the same time goes with it. */
export function removeEntity(doc: Y.Doc, collection: Collection, id: string): void {
  entitiesOf(doc, collection).delete(id)
}

/** The shared text of a field, or null where the entity is gone or came without one. */
export function richTextOf<C extends Collection>(map: EntityMap, name: RichTextName<C>): Y.Text | null {
  const text = map.get(name)
  return text instanceof Y.Text ? text : null
}
