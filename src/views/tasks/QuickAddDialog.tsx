import type { JSX } from 'solid-js'
import { useText } from '../i18n/language.ts'
import { Dialog } from '../kit/Dialog.tsx'
import QuickAdd from './QuickAdd.tsx'
import { createLocalNow } from './local-now.ts'

/** Adding a task from a screen that is not the tasks screen. */
export default function QuickAddDialog(props: { onClose: () => void }): JSX.Element {
  const t = useText()
  return (
    <Dialog
      open
      size="wide"
      onClose={props.onClose}
      title={t('tasks.addTask')}
      description={t('tasks.quickAddHelp')}
      closeLabel={t('tasks.close')}
    >
      <QuickAdd now={createLocalNow()} status={null} onAdded={props.onClose} onClose={props.onClose} />
    </Dialog>
  )
}
