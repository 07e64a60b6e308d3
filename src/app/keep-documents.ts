import type * as Y from 'yjs'
import { conversationDocument, fleetDocument, notesDocument } from '../domain/document-ids.ts'
import type { DocumentHandle, SyncEngine } from '../sync/sync-engine.ts'

/**
 * What this device keeps of a workspace beyond what is open: the fleet, and every conversation that the inbox has,
 * with its notes. The inbox moves with every message, and so says which of them to look at. How each is held, and how
 * often it is looked at otherwise, is `domain/freshness.ts`'s to say.
 */
export function keepDocuments(
  engine: Pick<SyncEngine, 'keep' | 'look'>,
  workspaceId: string,
  inbox: Pick<DocumentHandle, 'doc' | 'onReplaced'>,
): () => void {
  const documentsOf = (conversations: Iterable<string>) =>
    [...conversations].flatMap((id) => [conversationDocument(id), notesDocument(id)])
  let conversations: Y.Map<unknown>

  const keep = () => engine.keep([fleetDocument(workspaceId), ...documentsOf(conversations.keys())])

  const moved = (events: readonly Y.YEvent<Y.AbstractType<unknown>>[]) => {
    const news = new Set<string>()
    let others = false
    for (const { path, changes } of events) {
      const [conversation] = path
      if (conversation !== undefined) news.add(String(conversation))
      else {
        others = true
        for (const [id, { action }] of changes.keys) if (action !== 'delete') news.add(id)
      }
    }
    if (others) keep()
    engine.look(documentsOf(news))
  }

  const watch = (doc: Y.Doc) => {
    conversations = doc.getMap('conversations')
    conversations.observeDeep(moved)
    keep()
  }

  watch(inbox.doc)
  const stop = inbox.onReplaced((doc) => {
    conversations.unobserveDeep(moved)
    watch(doc)
  })
  return () => {
    stop()
    conversations.unobserveDeep(moved)
  }
}
