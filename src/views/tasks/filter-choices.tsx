import { DUE_FILTERS } from '../../domain/tasks/filter.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useText } from '../i18n/language.ts'
import { Avatar } from '../kit/Avatar.tsx'
import type { MenuEntry } from '../kit/menu-entries.ts'
import { labelIdsByName } from './label-names.ts'
import { LabelDot } from './LabelTag.tsx'
import { useTasksScreen } from './screen-state.ts'

export interface ActiveFilter {
  readonly key: string
  readonly kind: 'assignee' | 'label' | 'due' | 'text'
  readonly id: string
  readonly words: string
  remove(): void
}

const toggled = (all: readonly string[], one: string): string[] =>
  all.includes(one) ? all.filter((other) => other !== one) : [...all, one]

/** The filters that are on, and the menu that sets them. */
export function useFilterChoices(): { active(): ActiveFilter[]; entries(): MenuEntry[] } {
  const t = useText()
  const screen = useTasksScreen()
  const { members, labels } = useWorkspace()
  const filter = () => screen.view().filter
  const personWords = (id: string) =>
    id === 'none' ? t('tasks.nobodyFilter') : (members.byId[id]?.display_name ?? t('tasks.formerMember'))
  const toggleAssignee = (id: string) => screen.filterBy({ assignees: toggled(filter().assignees, id) })
  const toggleLabel = (id: string) => screen.filterBy({ labels: toggled(filter().labels, id) })
  return {
    active: () => [
      ...filter().assignees.map((id) => ({
        key: `who-${id}`,
        kind: 'assignee' as const,
        id,
        words: personWords(id),
        remove: () => toggleAssignee(id),
      })),
      ...filter().labels.map((id) => ({
        key: `label-${id}`,
        kind: 'label' as const,
        id,
        words: labels.byId[id]?.name ?? id,
        remove: () => toggleLabel(id),
      })),
      ...(filter().due === null
        ? []
        : [
            {
              key: 'due',
              kind: 'due' as const,
              id: '',
              words: t(`tasks.due_${filter().due ?? 'none'}`),
              remove: () => screen.filterBy({ due: null }),
            },
          ]),
    ],
    entries: () => [
      { kind: 'heading', label: t('tasks.filterDue') },
      ...DUE_FILTERS.map((due) => ({
        label: t(`tasks.due_${due}`),
        icon: 'calendar' as const,
        checked: filter().due === due,
        keepOpen: true,
        run: () => screen.filterBy({ due: filter().due === due ? null : due }),
      })),
      { kind: 'heading', label: t('tasks.filterAssignee') },
      ...members.ids().map((id) => ({
        label: personWords(id),
        get before() {
          return <Avatar id={id} name={personWords(id)} size={20} />
        },
        checked: filter().assignees.includes(id),
        keepOpen: true,
        run: () => toggleAssignee(id),
      })),
      {
        label: personWords('none'),
        icon: 'user',
        checked: filter().assignees.includes('none'),
        keepOpen: true,
        run: () => toggleAssignee('none'),
      },
      ...(labels.ids().length > 0 ? [{ kind: 'heading' as const, label: t('tasks.filterLabel') }] : []),
      ...labelIdsByName(labels).map((id) => ({
        label: labels.byId[id]?.name ?? id,
        get before() {
          return <LabelDot id={id} />
        },
        checked: filter().labels.includes(id),
        keepOpen: true,
        run: () => toggleLabel(id),
      })),
    ],
  }
}
