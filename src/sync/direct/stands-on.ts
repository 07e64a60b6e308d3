/**
 * Whether an update can be laid into a document as a whole. Yjs would keep the part that cannot, as pending structs
 * that no state vector shows and that a later encoding carries along; so what is only hearsay waits outside.
 */
import * as Y from 'yjs'
import { endOf, type Struct } from './cut-struct.ts'
import { deletedRanges } from '../update-ranges.ts'

export function standsOn(doc: Y.Doc, update: Uint8Array): boolean {
  const { structs, ds } = Y.decodeUpdate(update)
  const held = new Map<number, number>()
  const stateOf = (client: number) => held.get(client) ?? Y.getState(doc.store, client)
  const has = (id: Y.ID | null) => id === null || id.clock < stateOf(id.client)

  const waiting = new Map<number, Struct[]>()
  for (const struct of structs) {
    if (struct instanceof Y.Skip) continue
    const run = waiting.get(struct.id.client)
    if (run) run.push(struct)
    else waiting.set(struct.id.client, [struct])
  }
  // As Yjs integrates: a client's structs in their order, and each when what it refers to is there.
  for (let moved = true; moved;) {
    moved = false
    for (const [client, run] of waiting) {
      for (let next = run[0]; next && grounded(next, stateOf(client), has); next = run[0]) {
        held.set(client, Math.max(stateOf(client), endOf(next)))
        run.shift()
        moved = true
      }
      if (run.length === 0) waiting.delete(client)
    }
  }
  if (waiting.size > 0) return false
  return deletedRanges(ds).every(({ client, to }) => to <= stateOf(client))
}

function grounded(struct: Struct, state: number, has: (id: Y.ID | null) => boolean): boolean {
  if (struct.id.clock > state) return false
  if (!(struct instanceof Y.Item)) return true
  const { origin, rightOrigin, parent } = struct
  return has(origin) && has(rightOrigin) && has(parent instanceof Y.ID ? parent : null)
}
