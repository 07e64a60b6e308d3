/** Changes that the leader has only heard of: of which it has neither content nor a maker who tells it. */
import type { OpenDocuments } from './open-documents.ts'

/**
 * What neither the device nor any tab holds died with the tab that made it, and is waited for no longer. [T6] The
 * device is read again first: what was stored in the maker's last moment is there.
 */
export async function dropMissing(documents: OpenDocuments, isStopped: () => boolean): Promise<void> {
  for (const { pending, writer } of documents.ready()) {
    if (!pending.missing) continue
    await writer.reread()
    if (!isStopped() && writer.health === 'ok') pending.dropMissing()
  }
}
