/**
 * One collection of one document as a Solid store, kept by the document's own events: a changed field sets one path
 * of the store, so one node of the screen renders again. Rows cost nothing until somebody reads them.
 */
import { batch, createSignal, getOwner, onCleanup, untrack, type Accessor } from 'solid-js'
import { createStore, type SetStoreFunction } from 'solid-js/store'
import * as Y from 'yjs'
import type { Collection, Entity } from '../domain/collection.ts'
import {
  entitiesOf,
  entityMap,
  fieldOfKey,
  readEntity,
  readField,
  type EntityMap,
} from '../sync/collection-map.ts'
import type { DocumentHandle } from '../sync/sync-engine.ts'

export interface CollectionStore<C extends Collection> {
  readonly byId: Readonly<Record<string, Entity<C>>>
  /** Every id, sorted: for ULIDs, oldest first. */
  readonly ids: Accessor<readonly string[]>
  has(id: string): boolean
  /** The local copy has been read. */
  readonly loaded: Accessor<boolean>
  /** There is something to show, be it that there is nothing: while false, a skeleton stands here. */
  readonly filled: Accessor<boolean>
}

export type CollectionSource = Pick<DocumentHandle, 'doc' | 'loaded' | 'filled' | 'onReplaced'>

type Changes = Map<string, 'all' | Set<string>>

export function createCollectionStore<C extends Collection>(
  source: CollectionSource,
  collection: C,
): CollectionStore<C> {
  const known = new Set<string>()
  // What is there already is the store's beginning, so that nothing of it is set path by path.
  const [byId, setById] = createStore<Record<string, Entity<C>>>(readAll(source.doc, collection, known))
  // Store setters are typed by path; what is set here at run-time paths is what `readEntity` made.
  const setPath = setById as unknown as SetStoreFunction<Record<string, Record<string, unknown> | undefined>>
  const [ids, setIds] = createSignal<readonly string[]>([...known].sort())
  const [loaded, setLoaded] = createSignal(false)
  const [filled, setFilled] = createSignal(false)

  /** A few fields of a row that is there: nothing else of it is looked at. */
  const applyFields = (id: string, map: EntityMap, names: ReadonlySet<string>) => {
    for (const name of names) {
      const read = readField(collection, map, name)
      if (read === null) continue
      setPath(id, name, read.value)
      const unreadable = untrack(() => byId[id]?.unreadable ?? [])
      if (unreadable.includes(name) !== read.readable) continue
      const others = unreadable.filter((other) => other !== name)
      setPath(id, 'unreadable', read.readable ? others : [...others, name])
    }
  }

  const apply = (doc: Y.Doc, changes: Changes) => {
    const whole: Record<string, Entity<C> | undefined> = {}
    let rows = false
    let listed = false
    batch(() => {
      for (const [id, fields] of changes) {
        const map = entityMap(doc, collection, id)
        if (map === null) {
          if (!known.delete(id)) continue
          whole[id] = undefined
          rows = listed = true
        } else if (fields !== 'all' && known.has(id)) {
          applyFields(id, map, fields)
        } else {
          listed ||= !known.has(id)
          known.add(id)
          whole[id] = readEntity(collection, id, map)
          rows = true
        }
      }
      if (rows) setPath(whole)
      if (listed) setIds([...known].sort())
    })
  }

  const follow = (doc: Y.Doc) => {
    const entities = entitiesOf(doc, collection)
    const observer = (events: Y.YEvent<Y.AbstractType<unknown>>[]) => apply(doc, changesOf(events))
    entities.observeDeep(observer)
    return () => entities.unobserveDeep(observer)
  }

  let unfollow = follow(source.doc)
  const forget = source.onReplaced((doc) => {
    unfollow()
    unfollow = follow(doc)
    apply(doc, new Map([...known, ...entitiesOf(doc, collection).keys()].map((id) => [id, 'all'])))
  })
  let alive = true
  void source.loaded.then(() => alive && setLoaded(true))
  void source.filled.then(() => alive && setFilled(true))
  if (getOwner() !== null) {
    onCleanup(() => {
      alive = false
      forget()
      unfollow()
    })
  }
  return { byId, ids, has: (id) => byId[id] !== undefined, loaded, filled }
}

function readAll<C extends Collection>(
  doc: Y.Doc,
  collection: C,
  known: Set<string>,
): Record<string, Entity<C>> {
  const entities: Record<string, Entity<C>> = {}
  for (const id of entitiesOf(doc, collection).keys()) {
    const map = entityMap(doc, collection, id)
    if (map === null) continue
    known.add(id)
    entities[id] = readEntity(collection, id, map)
  }
  return entities
}

function changesOf(events: readonly Y.YEvent<Y.AbstractType<unknown>>[]): Changes {
  const changes: Changes = new Map()
  for (const event of events) {
    const { path } = event
    if (path.length === 0) {
      for (const id of keysChanged(event)) changes.set(id, 'all')
    } else if (path.length === 1) {
      const id = String(path[0])
      const fields = changes.get(id) ?? new Set()
      if (fields === 'all') continue
      for (const key of keysChanged(event)) fields.add(fieldOfKey(key))
      changes.set(id, fields)
    }
    // Deeper events are the typing inside a rich text, which its editor follows itself.
  }
  return changes
}

function keysChanged(event: Y.YEvent<Y.AbstractType<unknown>>): Iterable<string> {
  return event instanceof Y.YMapEvent ? (event.keysChanged as Set<string>) : []
}
