import type * as Y from 'yjs'
import { fieldOfKey } from './collection-map.ts'
import type { ChangeSubject } from './sync-engine.ts'

/**
 * What an edit is about that came without a subject, such as typing in an editor bound to a rich text: the entity and
 * fields of the first thing that it touched.
 */
export function subjectOf(transaction: Y.Transaction, documentId: string): ChangeSubject {
  for (const [type, keys] of transaction.changed) {
    const path: string[] = [...keys].flatMap((key) => (key === null ? [] : [key]))
    let at: typeof type | null = type
    const above: string[] = []
    // oxlint-disable-next-line no-underscore-dangle -- Yjs tells the key of a type in its parent nowhere else
    for (let key = at._item?.parentSub; at && key; key = at?._item?.parentSub) {
      above.unshift(key)
      at = at.parent as typeof at
    }
    for (const [name, root] of transaction.doc.share) {
      if (root !== at) continue
      const [entity = path[0] ?? documentId, field] = above
      const fields = field !== undefined ? [field] : above.length === 1 ? path.map(fieldOfKey) : []
      return { collection: name, entity, fields: [...new Set(fields)] }
    }
  }
  return { collection: '', entity: documentId, fields: [] }
}
