import * as Y from 'yjs'
import type { ClockRange } from '../update-ranges.ts'
import type { ClockSet } from './clock-set.ts'

/** What came as garbage, or into something that is: it was never deleted, and is. */
export function collectedIn(doc: Y.Doc, { client, from, to }: ClockRange): ClockRange[] {
  const structs = doc.store.clients.get(client)
  if (!structs || to <= from || Y.getState(doc.store, client) <= from) return []
  const found: ClockRange[] = []
  for (let at = Y.findIndexSS(structs, from); at < structs.length; at++) {
    const struct = structs[at]
    if (!struct || struct.id.clock >= to) break
    const end = struct.id.clock + struct.length
    if (struct instanceof Y.GC)
      found.push({ client, from: Math.max(from, struct.id.clock), to: Math.min(to, end) })
  }
  return found
}

/** Collects what was deleted while nothing was to be collected. */
export function collect(doc: Y.Doc, ranges: ClockSet): void {
  const deletions = Y.createDeleteSet()
  for (const { client, from, to } of ranges.list()) {
    const items = deletions.clients.get(client) ?? []
    items.push({ clock: from, len: to - from })
    deletions.clients.set(client, items)
  }
  ranges.clear()
  if (doc.gc) Y.tryGc(deletions, doc.store, doc.gcFilter)
}
