import { createMemo, createSignal, type Accessor } from 'solid-js'
import { type Attachment, attachments as collection } from '../../domain/collections/attachments.ts'
import { unfitFile } from '../../domain/attachments/file-limits.ts'
import { tidyFileName } from '../../domain/attachments/file-name.ts'
import type { PictureSize } from '../../domain/attachments/picture-size.ts'
import { type RandomBytes, newId } from '../../domain/ids.ts'
import type { DocumentHandle } from '../../sync/sync-engine.ts'
import { createCollectionStore } from '../collection-store.ts'
import type { TaskDeed } from '../tasks/task-history.ts'
import type { TaskCommands } from '../tasks/task-commands.ts'
import type { FoundBytes, WorkspaceFiles } from './workspace-files.ts'

/** What was removed can be had back from the screen for so long; the server keeps it a little longer. */
const TRASH = 7 * 86_400_000

/** A file that is being read, and made smaller. */
interface ArrivingFile {
  readonly key: string
  readonly task: string
  readonly file: File
}

export type AddedFile =
  | { readonly kind: 'added'; readonly deed: TaskDeed | null }
  | { readonly kind: 'empty' | 'too-large' | 'unreadable'; readonly name: string }

export interface AttachmentStore {
  readonly byId: Readonly<Record<string, Attachment>>
  /** Oldest first. */
  of(task: string): readonly Attachment[]
  removedFrom(task: string): readonly Attachment[]
  arrivingFor(task: string): readonly ArrivingFile[]
  /** The bytes are kept before the task says that it has them. */
  add(task: string, file: File, size: PictureSize): Promise<AddedFile>
  remove(ids: readonly string[]): TaskDeed | null
  restore(ids: readonly string[]): TaskDeed | null
  find(attachment: Attachment): Promise<FoundBytes>
}

export interface AttachmentStoreContext {
  readonly board: DocumentHandle
  readonly files: WorkspaceFiles
  readonly commands: Pick<TaskCommands, 'attach' | 'setRemoved'>
  readonly now: () => number
  readonly randomBytes: RandomBytes
}

/** The attachments of one board. */
export function createAttachmentStore(context: AttachmentStoreContext): AttachmentStore {
  const { board, files, commands, now, randomBytes } = context
  const { byId, ids } = createCollectionStore(board, collection)
  const [arriving, setArriving] = createSignal<readonly ArrivingFile[]>([])
  files.follow(board.id)

  const grouped = (wanted: (attachment: Attachment) => boolean): Accessor<Map<string, Attachment[]>> =>
    createMemo(() => {
      const groups = new Map<string, Attachment[]>()
      // Ids of one device sort by time; of several, nearly.
      for (const id of ids()) {
        const attachment = byId[id]
        if (!attachment?.of || !wanted(attachment)) continue
        const group = groups.get(attachment.of)
        if (group) group.push(attachment)
        else groups.set(attachment.of, [attachment])
      }
      return groups
    })
  const live = grouped(({ deleted_at }) => deleted_at === null)
  const removed = grouped(({ deleted_at }) => deleted_at !== null && deleted_at > now() - TRASH)

  return {
    byId,
    of: (task) => live().get(task) ?? [],
    removedFrom: (task) => removed().get(task) ?? [],
    arrivingFor: (task) => arriving().filter((file) => file.task === task),
    async add(task, file, size) {
      const name = tidyFileName(file.name)
      const unfit = unfitFile(file.size)
      // A photo that is too large as it is may fit once it is smaller.
      if (unfit === 'empty') return { kind: unfit, name }
      const id = newId(now(), randomBytes)
      setArriving((before) => [...before, { key: id, task, file }])
      try {
        const { bytes, mime, width, height } = await files.prepare(file, size)
        if (unfitFile(bytes.length)) return { kind: 'too-large', name }
        const sha256 = await files.keep(board.id, bytes)
        const fields = { of: task, sha256, name, mime, bytes: bytes.length, width, height }
        return { kind: 'added', deed: commands.attach(id, fields) }
      } catch {
        return { kind: 'unreadable', name }
      } finally {
        setArriving((before) => before.filter(({ key }) => key !== id))
      }
    },
    remove: (wanted) => commands.setRemoved(wanted, true),
    restore: (wanted) => commands.setRemoved(wanted, false),
    find: ({ sha256 }) => files.find(board.id, sha256),
  }
}
