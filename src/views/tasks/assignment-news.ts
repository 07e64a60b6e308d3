import { useNavigate } from '@solidjs/router'
import { useTaskStore } from '../../stores/tasks/task-store-context.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { roomPath } from '../addresses.ts'
import { useText } from '../i18n/language.ts'
import { showToast } from '../kit/show-toast.ts'
import { shortened } from './task-words.ts'

/** A line when somebody gives this person a task, wherever in the workspace one is, with a way to it. */
export function tellOfAssignments(): void {
  const t = useText()
  const store = useTaskStore()
  const navigate = useNavigate()
  const { person, workspace, sync } = useWorkspace()
  store.onAssigned(
    () => sync().lastSyncedAt !== null,
    (ids) => {
      const [id = ''] = ids
      const title = shortened(store.byId[id]?.title ?? '') || t('tasks.untitled')
      const open = new URLSearchParams(ids.length === 1 ? { task: id } : { who: person.id })
      showToast({
        text: ids.length === 1 ? t('tasks.givenToYou', title) : t('tasks.severalGivenToYou', ids.length),
        action: {
          label: t('tasks.look'),
          run: () => navigate(`${roomPath(workspace, 'tasks')}?${open}`, { scroll: false }),
        },
      })
    },
  )
}
