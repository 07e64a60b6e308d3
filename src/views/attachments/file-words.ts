import { mostBytes } from '../../domain/attachments/file-limits.ts'
import type { Attachment } from '../../domain/collections/attachments.ts'
import type { AddedFile } from '../../stores/attachments/attachment-store.ts'
import type { FileState } from '../../stores/attachments/workspace-files.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'
import type { ShownFile } from './shown-file.ts'

const failures = {
  refused: 'attachments.failed_refused',
  'too-large': 'attachments.failed_tooLarge',
  damaged: 'attachments.failed_damaged',
} as const

export interface FileWords {
  /** Where the file is, in a word; nothing of one that nobody has to care about. */
  state(state: FileState, bytes: number): string
  failure(code: string, name: string): string
  /** Why there is no picture: in full, and as short as a tile. */
  absent(shown: ShownFile['kind'], attachment: Attachment): { long: string; short: string }
  refusal(added: AddedFile): string
  addedBy(attachment: Attachment): string
}

export function useFileWords(): FileWords {
  const t = useText()
  const format = useFormat()
  const { members } = useWorkspace()
  const nameOf = ({ created_by }: Attachment) =>
    (created_by !== null && members.byId[created_by]?.display_name) || t('attachments.somebody')
  return {
    state(state, bytes) {
      if (state.kind === 'waiting') return t('attachments.waitingState')
      if (state.kind === 'failed') return t('attachments.failedState')
      if (state.kind === 'sending')
        return t('attachments.sendingState', Math.floor((state.sent / bytes) * 100))
      return ''
    },
    failure: (code, name) =>
      t(code in failures ? failures[code as keyof typeof failures] : 'attachments.failed_other', name),
    absent(kind, attachment) {
      switch (kind) {
        case 'nowhere':
          return {
            long: t('attachments.nowhere', nameOf(attachment)),
            short: t('attachments.nowhereShort'),
          }
        case 'damaged':
          return { long: t('attachments.damaged'), short: t('attachments.damagedShort') }
        case 'refused':
          return { long: t('attachments.refused'), short: t('attachments.refusedShort') }
        default:
          return { long: t('attachments.unreachable'), short: t('attachments.unreachableShort') }
      }
    },
    refusal(added) {
      if (added.kind === 'empty') return t('attachments.empty', added.name)
      if (added.kind === 'unreadable') return t('attachments.unreadable', added.name)
      if (added.kind !== 'too-large') return ''
      return t('attachments.tooLarge', added.name, format().bytes(mostBytes))
    },
    addedBy: (attachment) =>
      t('attachments.addedBy', nameOf(attachment), format().moment(attachment.created_at ?? 0)),
  }
}
