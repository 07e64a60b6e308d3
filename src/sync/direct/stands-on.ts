/**
 * Whether an update can be laid into a document as a whole. Yjs would keep the part that cannot, as pending structs
 * that no state vector shows and that a later encoding carries along; so what is only hearsay waits outside.
 */
import * as Y from 'yjs'
import { endOf, type Struct } from './cut-struct.ts'
import { deletedRanges } from '../update-ranges.ts'

interface Run {
  readonly structs: Struct[]
  next: number
}

export function standsOn(doc: Y.Doc, update: Uint8Array): boolean {
  const { structs, ds } = Y.decodeUpdate(update)
  const held = new Map<number, number>()
  const stateOf = (client: number) => held.get(client) ?? Y.getState(doc.store, client)

  const runs = new Map<number, Run>()
  for (const struct of structs) {
    if (struct instanceof Y.Skip) continue
    const run = runs.get(struct.id.client)
    if (run) run.structs.push(struct)
    else runs.set(struct.id.client, { structs: [struct], next: 0 })
  }
  // As Yjs integrates: a client's structs in their order, and each when what it refers to is there. Who waits is looked
  // at again when the one that it waits for has gone on, so that no order of them costs more than another.
  const waiting = new Map<number, number[]>()
  const ready = [...runs.keys()]
  let unfinished = runs.size
  for (let client = ready.pop(); client !== undefined; client = ready.pop()) {
    const run = runs.get(client)
    if (!run) continue
    const before = stateOf(client)
    let lacking: number | null = null
    for (let struct = run.structs[run.next]; struct; struct = run.structs[run.next]) {
      lacking = lackingTo(struct, stateOf)
      if (lacking !== null) break
      held.set(client, Math.max(stateOf(client), endOf(struct)))
      run.next++
    }
    if (lacking === null) unfinished--
    else if (waiting.has(lacking)) waiting.get(lacking)?.push(client)
    else waiting.set(lacking, [client])
    if (stateOf(client) === before) continue
    for (const other of waiting.get(client) ?? []) ready.push(other)
    waiting.delete(client)
  }
  if (unfinished > 0) return false
  return deletedRanges(ds).every(({ client, to }) => to <= stateOf(client))
}

/** The client of which something is not there that the struct stands on. */
function lackingTo(struct: Struct, stateOf: (client: number) => number): number | null {
  const { client, clock } = struct.id
  if (clock > stateOf(client)) return client
  if (!(struct instanceof Y.Item)) return null
  const { origin, rightOrigin, parent } = struct
  for (const id of [origin, rightOrigin, parent instanceof Y.ID ? parent : null])
    if (id && id.clock >= stateOf(id.client)) return id.client
  return null
}
