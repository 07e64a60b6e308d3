import { getOwner, onCleanup, runWithOwner } from 'solid-js'
import { attachments } from '../domain/collections/attachments.ts'
import { labels } from '../domain/collections/labels.ts'
import { members } from '../domain/collections/members.ts'
import { tasks } from '../domain/collections/tasks.ts'
import { entityMap } from '../sync/collection-map.ts'
import type { DocumentHandle } from '../sync/sync-engine.ts'
import type { PendingGroup } from './pending-groups.ts'

const collections = new Map([tasks, members, labels, attachments].map((one) => [one.name, one] as const))

export interface PendingContents {
  /** The first line of the thing, as far as this device knows it. */
  nameOf(group: PendingGroup): string | undefined
  /** What a person takes along: the thing as it stands on this device, with what of it is unsent. */
  exportOf(groups: readonly PendingGroup[]): string
}

/** Reads the things behind unsent changes out of their documents; opens each document once, while its owner lives. */
export function createPendingContents(open: (documentId: string) => DocumentHandle): PendingContents {
  const handles = new Map<string, DocumentHandle>()
  // Names are read inside of memos, which come and go; the documents stay open as long as the list that shows them.
  const owner = getOwner()
  const contentsOf = (group: PendingGroup): Record<string, unknown> | undefined => {
    const collection = collections.get(group.collection)
    if (collection === undefined) return undefined
    const handle = handles.get(group.doc) ?? runWithOwner(owner, () => open(group.doc))
    if (handle === undefined) return undefined
    handles.set(group.doc, handle)
    return entityMap(handle.doc, collection, group.entity)?.toJSON()
  }
  onCleanup(() => handles.clear())
  return {
    nameOf(group) {
      const contents = contentsOf(group)
      const name = contents?.['title'] ?? contents?.['display_name'] ?? contents?.['name']
      return typeof name === 'string' && name.trim() !== '' ? name : undefined
    },
    exportOf(groups) {
      const things = groups.map((group) => ({
        collection: group.collection,
        id: group.entity,
        unsent: group.fields,
        since: new Date(group.at).toISOString(),
        refusal: group.refusal?.code,
        contents: contentsOf(group),
      }))
      return JSON.stringify(things, null, 2)
    },
  }
}
