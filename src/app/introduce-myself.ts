import { createEffect, on, untrack, type Accessor } from 'solid-js'
import { members } from '../domain/collections/members.ts'
import type { CollectionStore } from '../stores/collection-store.ts'
import type { Role } from '../stores/session/session.ts'
import { createEntity, entityMap, writeFields, type Patch } from '../sync/collection-map.ts'
import type { DocumentHandle } from '../sync/sync-engine.ts'

/**
 * Each person's own device enters them into the directory. It writes when they are missing there, and again only when
 * name or role change while it is open: two devices that correct each other whenever they differ would never stop.
 */
export function introduceMyself(
  directory: DocumentHandle,
  store: CollectionStore<typeof members>,
  me: { id: string; name: Accessor<string>; role: Accessor<Role> },
): void {
  const write = (patch: Patch<typeof members>) => {
    // A viewer writes nothing: the server would refuse it.
    if (untrack(me.role) === 'viewer') return
    directory.change({ collection: members.name, entity: me.id, fields: Object.keys(patch) }, (doc) => {
      const map = entityMap(doc, members, me.id)
      if (map === null) createEntity(doc, members, me.id, patch)
      else writeFields(members, map, patch)
    })
  }
  createEffect(
    on(store.filled, (filled) => {
      if (filled && !store.has(me.id)) write({ display_name: untrack(me.name), role: untrack(me.role) })
    }),
  )
  createEffect(on(me.name, (name) => write({ display_name: name }), { defer: true }))
  createEffect(on(me.role, (role) => write({ role }), { defer: true }))
}
