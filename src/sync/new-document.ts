import * as Y from 'yjs'
import type { Random } from './ports.ts'

/** A Y.Doc whose client id comes from the given randomness, so that a simulation replays to the bit. */
export function newDocument(id: string, random: Random): Y.Doc {
  const doc = new Y.Doc({ guid: id })
  doc.clientID = new DataView(random.bytes(4).slice().buffer).getUint32(0)
  return doc
}
