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
  /** `near`: within the week ahead, said by its weekday; `date`: this year; `far`: with its year. */
  readonly kind: 'yesterday' | 'today' | 'tomorrow' | 'near' | 'date' | 'far'
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
    kind: kindOf(days, due.day, now.day),
    day: due.day,
    time: due.time,
    late: days < 0 || (minutesLeft !== null && minutesLeft < 0),
    minutesLeft: minutesLeft !== null && minutesLeft >= 0 && minutesLeft <= 60 ? minutesLeft : null,
  }
}

function kindOf(days: number, day: CalendarDay, today: CalendarDay): DueWording['kind'] {
  if (days === -1) return 'yesterday'
  if (days === 0) return 'today'
  if (days === 1) return 'tomorrow'
  if (days > 1 && days < 7) return 'near'
  return day.slice(0, 4) === today.slice(0, 4) ? 'date' : 'far'
}

function minutesOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return hour * 60 + minute
}
