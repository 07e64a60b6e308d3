import { For, type JSX, Show, createMemo, createUniqueId } from 'solid-js'
import type { TaskStatus } from '../../domain/collections/tasks.ts'
import { useText } from '../i18n/language.ts'
import { Icon } from '../kit/Icon.tsx'
import { IconButton } from '../kit/IconButton.tsx'
import { createGrowingList } from './growing-list.ts'
import { useTasksScreen } from './screen-state.ts'
import { TaskCard } from './TaskCard.tsx'
import type { TaskDrag } from './task-drag.ts'
import { statusColour, statusIcon } from './task-words.ts'

const SLOT = ''

export function BoardColumn(props: {
  status: TaskStatus
  drag: TaskDrag
  tabStop: string | null
}): JSX.Element {
  const t = useText()
  const screen = useTasksScreen()
  const heading = createUniqueId()
  const ids = () => screen.columns[props.status]()
  const drawn = createGrowingList(ids)
  /** the cards, and among them the slot where a dragged card would land */
  const items = createMemo(() => {
    const drop = props.drag.drop()
    if (drop?.status !== props.status) return drawn()
    const { place } = drop
    if (place === 'start') return [SLOT, ...drawn()]
    const at = place === 'end' ? -1 : drawn().indexOf('before' in place ? place.before : place.after)
    if (at < 0) return [...drawn(), SLOT]
    const index = place !== 'end' && 'after' in place ? at + 1 : at
    return drawn().toSpliced(index, 0, SLOT)
  })
  return (
    <section class="col" aria-labelledby={heading} data-status={props.status}>
      <header>
        <Icon name={statusIcon[props.status]} style={{ color: statusColour[props.status] }} />
        <h2 id={heading}>{t(`tasks.status_${props.status}`)}</h2>
        <span class="faint f1 num">{ids().length}</span>
        <span class="grow" />
        <IconButton
          icon="plus"
          label={t('tasks.addTo', t(`tasks.status_${props.status}`))}
          onClick={() => screen.setAdding(props.status)}
        />
      </header>
      <ul class="cards" aria-labelledby={heading}>
        <For each={items()}>
          {(id) => (
            <Show
              when={id !== SLOT}
              fallback={
                <li class="slot" aria-hidden="true" style={{ '--slot': `${props.drag.height()}px` }} />
              }
            >
              <TaskCard id={id} tabStop={props.tabStop === id} />
            </Show>
          )}
        </For>
      </ul>
    </section>
  )
}
