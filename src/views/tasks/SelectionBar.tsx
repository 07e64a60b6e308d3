import { For, type JSX, onCleanup } from 'solid-js'
import { useText } from '../i18n/language.ts'
import type { IconName } from '../kit/icon-names.ts'
import { Icon } from '../kit/Icon.tsx'
import { IconButton } from '../kit/IconButton.tsx'
import { type FieldName, useTasksScreen } from './screen-state.ts'
import { useTaskActions } from './task-actions.ts'
import { focusTask } from './task-elements.ts'

/** Bulk actions stand where the filters were: one transaction, one undo. */
export default function SelectionBar(): JSX.Element {
  const t = useText()
  const screen = useTasksScreen()
  const actions = useTaskActions()
  onCleanup(() => {
    // The bar goes with the selection; the keyboard goes back to the card.
    const cursor = screen.cursor()
    if (cursor !== null && document.activeElement?.closest('.selbar')) focusTask(cursor)
  })
  const fields: readonly { field: FieldName; icon: IconName; words: () => string; keys: string }[] = [
    { field: 'status', icon: 'half', words: () => t('tasks.setStatus'), keys: 's' },
    { field: 'assignee', icon: 'useradd', words: () => t('tasks.setAssignee'), keys: 'a' },
    { field: 'priority', icon: 'p2', words: () => t('tasks.setPriority'), keys: 'p' },
    { field: 'labels', icon: 'tag', words: () => t('tasks.setLabels'), keys: 'l' },
    { field: 'due', icon: 'calendar', words: () => t('tasks.setDue'), keys: 'd' },
  ]
  return (
    <div class="sub selecting">
      <div class="selbar" role="toolbar" aria-label={t('tasks.selection')}>
        <b class="desk">{t('tasks.selected', screen.selected().size)}</b>
        <b class="mob num" aria-label={t('tasks.selected', screen.selected().size)}>
          {screen.selected().size}
        </b>
        <span class="grow" />
        <For each={fields}>
          {(item) => (
            <button
              type="button"
              class="btn"
              data-kind="ghost"
              data-size="s"
              data-field={item.field}
              aria-haspopup="dialog"
              aria-label={item.words()}
              data-tip={item.words()}
              data-tip-keys={item.keys}
              onClick={() => screen.setOpenField({ field: item.field, ids: screen.targets(), from: 'bar' })}
            >
              <Icon name={item.icon} size={14} />
              <span class="wide-only">{item.words()}</span>
            </button>
          )}
        </For>
        <button
          type="button"
          class="btn"
          data-kind="ghost"
          data-size="s"
          data-tone="bad"
          aria-label={t('tasks.delete')}
          data-tip={t('tasks.delete')}
          data-tip-keys="Delete"
          onClick={() => actions.remove(screen.targets())}
        >
          <Icon name="trash" size={14} />
          <span class="wide-only">{t('tasks.delete')}</span>
        </button>
        <IconButton
          icon="x"
          label={t('tasks.clearSelection')}
          keys="Escape"
          onClick={() => screen.select([])}
        />
      </div>
    </div>
  )
}
