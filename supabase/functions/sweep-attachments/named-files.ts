import * as Y from 'yjs'

/**
 * The hashes that a document names in its collection `attachments` (`src/domain/collections/attachments.ts`), without
 * those in the trash.
 */
export function namedFiles(doc: Y.Doc): string[] {
  const files = new Set<string>()
  for (const attachment of doc.getMap('attachments').values()) {
    if (!(attachment instanceof Y.Map)) continue
    const sha256: unknown = attachment.get('sha256')
    const removed: unknown = attachment.get('deleted_at') ?? null
    // What cannot be read as a moment is no trash.
    if (typeof sha256 === 'string' && typeof removed !== 'number') files.add(sha256)
  }
  return [...files]
}
