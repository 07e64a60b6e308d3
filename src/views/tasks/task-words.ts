import type { Accessor } from 'solid-js'
import type { Task, TaskPriority, TaskStatus } from '../../domain/collections/tasks.ts'
import type { LocalNow } from '../../domain/tasks/calendar-day.ts'
import { type Due, dueWording } from '../../domain/tasks/due.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/language.ts'
import type { IconName } from '../kit/icon-names.ts'

export const statusIcon: Record<TaskStatus, IconName> = {
  backlog: 'circledash',
  in_progress: 'half',
  blocked: 'blocked',
  review: 'eye',
  done: 'done',
}

export const statusColour: Record<TaskStatus, string> = {
  backlog: 'var(--text-3)',
  in_progress: 'var(--accent)',
  blocked: 'var(--bad)',
  review: 'var(--text-2)',
  done: 'var(--ok)',
}

export const priorityColour: Record<TaskPriority, string> = {
  p1: 'var(--bad)',
  p2: 'var(--text-2)',
  p3: 'var(--text-3)',
  p4: 'var(--text-3)',
}

export interface DueWords {
  readonly text: string
  /** `bad`: late, `warn`: today */
  readonly tone: 'bad' | 'warn' | 'plain'
  readonly icon: IconName
  /** how soon, within the last hour */
  readonly soon: string | null
}

/** Due dates in this person's language. */
export function useDueWords(now: Accessor<LocalNow>): (due: Due, done?: boolean) => DueWords {
  const t = useText()
  const format = useFormat()
  return (due, done = false) => {
    const wording = dueWording(due, now())
    const day = wording.kind === 'date' ? format().day(wording.day) : t(`tasks.${wording.kind}`)
    const when = wording.time === null ? day : t('tasks.dayAtTime', day, wording.time.replace(/^0/, ''))
    if (wording.late && !done) return { text: t('tasks.late', when), tone: 'bad', icon: 'alert', soon: null }
    return {
      text: when,
      tone: wording.kind === 'today' && !done ? 'warn' : 'plain',
      icon: 'calendar',
      soon: wording.minutesLeft === null || done ? null : t('tasks.inMinutes', wording.minutesLeft),
    }
  }
}

export function useTaskName(): (task: Pick<Task, 'title'> | undefined) => string {
  const t = useText()
  return (task) => task?.title.trim() || t('tasks.untitled')
}

const ENOUGH_TO_KNOW_IT = 60

/** A title in a passing line: enough of it to know the task. */
export function shortened(title: string): string {
  const letters = Array.from(title.trim())
  if (letters.length <= ENOUGH_TO_KNOW_IT) return letters.join('')
  return `${letters.slice(0, ENOUGH_TO_KNOW_IT).join('').trimEnd()}…`
}
