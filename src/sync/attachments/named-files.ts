/** Follows the attachments that documents name. [F2] */
import { attachments } from '../../domain/collections/attachments.ts'
import { isSha256 } from '../../domain/attachments/storage-path.ts'
import { servedType } from '../../domain/attachments/file-types.ts'
import { entitiesOf, entityMap, readEntity } from '../collection-map.ts'
import type { DocumentHandle, SyncEngine } from '../sync-engine.ts'
import type { NamedFile } from './upload-queue.ts'

export interface NamedFiles {
  /** Opens a document and keeps it open until it is let go. */
  follow(documentId: string): void
  letGo(documentId: string): void
  followed(): readonly string[]
  /** Its local copy is read. */
  isLoaded(documentId: string): boolean
  all(): Iterable<NamedFile>
  stop(): void
}

interface Followed {
  readonly handle: DocumentHandle
  loaded: boolean
  named: readonly NamedFile[]
  end(): void
}

export function makeNamedFiles(engine: Pick<SyncEngine, 'open'>, changed: () => void): NamedFiles {
  const documents = new Map<string, Followed>()

  const follow = (id: string) => {
    if (documents.has(id)) return
    const handle = engine.open(id)
    let unobserve = () => {}
    const read = () => {
      followed.named = readNamed(handle)
      changed()
    }
    const observe = () => {
      unobserve()
      const entities = entitiesOf(handle.doc, attachments)
      entities.observeDeep(read)
      unobserve = () => entities.unobserveDeep(read)
      read()
    }
    const forget = handle.onReplaced(observe)
    const followed: Followed = {
      handle,
      loaded: false,
      named: [],
      end() {
        forget()
        unobserve()
        handle.release()
      },
    }
    documents.set(id, followed)
    observe()
    const load = async () => {
      await handle.loaded
      followed.loaded = true
      changed()
    }
    void load()
  }

  const letGo = (id: string) => {
    documents.get(id)?.end()
    documents.delete(id)
  }

  return {
    follow,
    letGo,
    followed: () => [...documents.keys()],
    isLoaded: (id) => documents.get(id)?.loaded === true,
    all: () => [...documents.values()].flatMap(({ named }) => named),
    stop: () => [...documents.keys()].forEach(letGo),
  }
}

function readNamed({ id: doc, doc: ydoc }: DocumentHandle): NamedFile[] {
  return [...entitiesOf(ydoc, attachments).keys()].flatMap((id) => {
    const map = entityMap(ydoc, attachments, id)
    if (map === null) return []
    const { sha256, name, mime, bytes, created_at, deleted_at } = readEntity(attachments, id, map)
    if (!isSha256(sha256)) return []
    const type = servedType(mime)
    return [{ sha256, doc, entity: id, name, type, bytes, at: created_at ?? 0, removedAt: deleted_at }]
  })
}
