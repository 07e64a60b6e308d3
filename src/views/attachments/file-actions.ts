import type { Attachment } from '../../domain/collections/attachments.ts'
import { uploadChoices } from '../../stores/attachments/upload-choices.ts'
import { useTaskStore } from '../../stores/tasks/task-store-context.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useText } from '../i18n/language.ts'
import { showToast } from '../kit/show-toast.ts'
import { useTaskDeeds } from '../tasks/task-deeds.ts'
import { useFileWords } from './file-words.ts'
import { saveFile } from './save-file.ts'

export interface FileActions {
  readonly mayEdit: () => boolean
  add(task: string, files: Iterable<File>): void
  remove(attachment: Attachment): void
  restore(attachment: Attachment): void
  save(attachment: Attachment): Promise<void>
}

export function useFileActions(): FileActions {
  const t = useText()
  const words = useFileWords()
  const { workspace } = useWorkspace()
  const { attachments } = useTaskStore()
  const deeds = useTaskDeeds()
  const mayEdit = () => workspace.role !== 'viewer'

  const addOne = async (task: string, file: File) => {
    const added = await attachments.add(task, file, uploadChoices.size())
    if (added.kind !== 'added') showToast({ text: words.refusal(added), tone: 'bad' })
  }
  return {
    mayEdit,
    add(task, files) {
      if (!mayEdit()) {
        showToast({ text: t('tasks.readOnly') })
        return
      }
      for (const file of files) void addOne(task, file)
    },
    remove({ id }) {
      const deed = attachments.remove([id])
      if (deed) deeds.tell(deed)
    },
    restore({ id }) {
      const deed = attachments.restore([id])
      if (deed) deeds.tell(deed)
    },
    async save(attachment) {
      const found = await attachments.find(attachment)
      if (found.kind === 'found') saveFile(attachment.name, found.bytes)
      else showToast({ text: words.absent(found.kind, attachment).long, tone: 'bad' })
    },
  }
}
