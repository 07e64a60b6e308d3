import * as Y from 'yjs'
import { deletedRanges, type UpdateContent } from '../update-ranges.ts'

/** What is real and in the document, and waits there for something that it stands on: no state vector shows it. */
export function hangingIn({ store }: Y.Doc): UpdateContent {
  const { pendingStructs, pendingDs } = store
  const structs = pendingStructs ? Y.decodeUpdateV2(pendingStructs.update).structs : []
  return {
    inserts: structs
      .filter((struct) => !(struct instanceof Y.Skip))
      .map(({ id, length }) => ({ client: id.client, from: id.clock, to: id.clock + length })),
    deletes: pendingDs ? deletedRanges(Y.decodeUpdateV2(pendingDs).ds) : [],
  }
}
