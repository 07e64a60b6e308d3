import type { PendingContents } from '../../stores/pending-contents.ts'
import type { PendingGroup } from '../../stores/pending-groups.ts'
import type { ConnectionState } from '../../stores/workspace-context.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'

const kinds = {
  tasks: 'shell.aTask',
  members: 'shell.aMember',
  labels: 'shell.aLabel',
  attachments: 'shell.aFile',
} as const
const fields = {
  title: 'shell.field_title',
  status: 'shell.field_status',
  assignee: 'shell.field_assignee',
  priority: 'shell.field_priority',
  labels: 'shell.field_labels',
  due: 'shell.field_due',
  due_time: 'shell.field_due_time',
  order: 'shell.field_order',
  description: 'shell.field_description',
  display_name: 'shell.field_display_name',
  role: 'shell.field_role',
  name: 'shell.field_name',
  pigment: 'shell.field_pigment',
  deleted_at: 'shell.field_deleted_at',
} as const
const refusals = {
  not_a_member: 'shell.refusal_not_a_member',
  read_only: 'shell.refusal_read_only',
  too_large: 'shell.refusal_too_large',
  malformed_update: 'shell.refusal_malformed_update',
  after_refused: 'shell.refusal_after_refused',
  file_refused: 'shell.refusal_read_only',
  'file_too-large': 'shell.refusal_file_too_large',
  file_damaged: 'shell.refusal_file_damaged',
  file_rejected: 'shell.refusal_file_rejected',
} as const

export interface ChangeWords {
  /** Task: call tomorrow and check */
  title(group: PendingGroup | undefined): string
  /** 14:31, waits for the network · due date; or the reason of a refusal */
  about(group: PendingGroup, connection: ConnectionState): string
}

export function useChangeWords(contents: PendingContents): ChangeWords {
  const t = useText()
  const format = useFormat()
  const kindOf = (group: PendingGroup) =>
    group.collection in kinds ? t(kinds[group.collection as keyof typeof kinds]) : t('shell.aChange')
  const fieldsOf = (group: PendingGroup) =>
    group.fields
      .filter((field) => group.collection !== 'attachments' || field === 'deleted_at')
      .filter((field) => field in fields)
      .map((field) => t(fields[field as keyof typeof fields]))
      .slice(0, 3)
      .join(', ')
  return {
    title(group) {
      if (group === undefined) return ''
      const name = contents.nameOf(group)
      return name === undefined ? kindOf(group) : t('shell.changedFields', kindOf(group), name)
    },
    about(group, connection) {
      if (group.state === 'refused') {
        const code = group.refusal?.code ?? ''
        return code in refusals ? t(refusals[code as keyof typeof refusals]) : t('shell.refusal_other', code)
      }
      const time = format().moment(group.at)
      if (group.held) return `${time}, ${t(group.held === 'wifi' ? 'shell.waitsForWifi' : 'shell.isPaused')}`
      if (group.file && group.file.sent !== null && group.state === 'sending') {
        return t('shell.sentOf', format().bytes(group.file.sent), format().bytes(group.file.bytes))
      }
      if (group.state === 'sending') return `${time}, ${t('shell.sendingNow')}`
      if (group.state === 'memory') return `${time}, ${t('shell.inMemory')}`
      const waits = connection.kind === 'offline' ? t('shell.waitsForNetwork') : t('shell.waitsToBeSent')
      // Of a file its size says more than the names of its fields.
      if (group.file) return `${time}, ${format().bytes(group.file.bytes)}, ${waits}`
      const what = fieldsOf(group)
      return what === '' ? `${time}, ${waits}` : `${time}, ${waits}: ${what}`
    },
  }
}
