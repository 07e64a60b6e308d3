import type { TaskDeed } from '../../stores/tasks/task-history.ts'
import { useTaskStore } from '../../stores/tasks/task-store-context.ts'
import { useText } from '../i18n/language.ts'
import { showToast } from '../kit/show-toast.ts'
import { shortened } from './task-words.ts'

const fieldWords = {
  status: 'tasks.status',
  assignee: 'tasks.assignee',
  priority: 'tasks.priority',
  due: 'tasks.due',
  labels: 'tasks.labels',
  title: 'tasks.taskTitle',
} as const

let closeLast = () => {}

/** Says what was done, with Undo beside it; says what was undone. One line at a time: the last is what counts. */
export function useTaskDeeds(): {
  tell(deed: TaskDeed): void
  undo(): void
  redo(): void
} {
  const t = useText()
  const store = useTaskStore()

  const what = (deed: TaskDeed): string =>
    deed.ids.length === 1 ? t('tasks.quoted', nameIn(deed)) : t('tasks.count', deed.ids.length)
  const nameIn = (deed: TaskDeed): string => shortened(deed.title) || t('tasks.untitled')

  const words = (deed: TaskDeed): string => {
    if (deed.kind === 'add') return t('tasks.added', nameIn(deed))
    if (deed.kind === 'remove') return t('tasks.deleted', what(deed))
    if (deed.kind === 'attach') return t('tasks.fileAdded', nameIn(deed))
    if (deed.kind === 'detach') return t('tasks.fileRemoved', nameIn(deed))
    if (deed.kind === 'reattach') return t('tasks.fileRestored', nameIn(deed))
    if (deed.kind === 'restore') return t('tasks.restored', what(deed))
    if (deed.kind === 'move') {
      const status = store.byId[deed.ids[0] ?? '']?.status
      return status ? t('tasks.moved', what(deed), t(`tasks.status_${status}`)) : what(deed)
    }
    const field = fieldWords[deed.fields[0] as keyof typeof fieldWords] // an unknown field is undefined here
    return field ? t('tasks.changed', what(deed), t(field).toLowerCase()) : what(deed)
  }

  const show = (text: string, action?: { label: string; keys: string; run: () => void }) => {
    closeLast()
    closeLast = showToast({ text, ...(action ? { action } : {}) })
  }

  const travel = (kind: 'undo' | 'redo') => {
    const result = store.commands[kind]()
    if (!result) return show(t(kind === 'undo' ? 'tasks.nothingToUndo' : 'tasks.nothingToRedo'))
    if (!result.done) return show(t('tasks.notUndone', what(result.deed)))
    const said = what(result.deed)
    show(t(kind === 'undo' ? 'tasks.undone' : 'tasks.redone', said), {
      label: t(kind === 'undo' ? 'tasks.redo' : 'tasks.undo'),
      keys: kind === 'undo' ? '$mod+Shift+Z' : '$mod+Z',
      run: () => travel(kind === 'undo' ? 'redo' : 'undo'),
    })
  }

  return {
    tell: (deed) => show(words(deed), { label: t('tasks.undo'), keys: '$mod+Z', run: () => travel('undo') }),
    undo: () => travel('undo'),
    redo: () => travel('redo'),
  }
}
