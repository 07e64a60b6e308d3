import { type CalendarDay, type LocalNow, daysBetween } from './calendar-day.ts'

/** When a task is due: a day, and a time of that day where one was given. */
export interface Due {
  readonly day: CalendarDay
  /** `hh:mm` */
  readonly time: string | null
}

export function dueOf(task: { readonly due: string | null; readonly due_time: string | null }): Due | null {
  if (task.due === null) return null
  const time =
    task.due_time !== null && /^([01]\d|2[0-3]):[0-5]\d$/.test(task.due_time) ? task.due_time : null
  return { day: task.due, time }
}

/** The fields that say this due date; both are always written, so that no time of an earlier date stays behind. */
export function dueFields(due: Due | null): { due: string | null; due_time: string | null } {
  return { due: due?.day ?? null, due_time: due?.time ?? null }
}

export function clockTime(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

/** How a due date is said. The words are the dictionary's, the decision is here. */
export interface DueWording {
  readonly kind: 'yesterday' | 'today' | 'tomorrow' | 'date'
  readonly day: CalendarDay
  readonly time: string | null
  readonly late: boolean
  /** minutes left, only within the last hour before a time of today */
  readonly minutesLeft: number | null
}

export function dueWording(due: Due, now: LocalNow): DueWording {
  const days = daysBetween(now.day, due.day)
  const minutesLeft = days === 0 && due.time !== null ? minutesOf(due.time) - now.minutes : null
  return {
    kind: days === -1 ? 'yesterday' : days === 0 ? 'today' : days === 1 ? 'tomorrow' : 'date',
    day: due.day,
    time: due.time,
    late: days < 0 || (minutesLeft !== null && minutesLeft < 0),
    minutesLeft: minutesLeft !== null && minutesLeft >= 0 && minutesLeft <= 60 ? minutesLeft : null,
  }
}

function minutesOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return hour * 60 + minute
}
