/** A day of the calendar, `yyyy-mm-dd`, without a time zone: the fifth stays the fifth wherever it is read. */
export type CalendarDay = string

/** What the clock on the wall says: the pure rules never read a clock themselves. */
export interface LocalNow {
  readonly day: CalendarDay
  /** minutes since midnight */
  readonly minutes: number
}

const DAY_MS = 86_400_000

export function localNow(at: Date): LocalNow {
  return {
    day: calendarDay(at.getFullYear(), at.getMonth() + 1, at.getDate()),
    minutes: at.getHours() * 60 + at.getMinutes(),
  }
}

export function calendarDay(year: number, month: number, day: number): CalendarDay {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)
}

/** The day, or null where the calendar has no such day (31 April). */
export function existingDay(year: number, month: number, day: number): CalendarDay | null {
  const date = new Date(Date.UTC(year, month - 1, day))
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return exists ? date.toISOString().slice(0, 10) : null
}

export function addDays(day: CalendarDay, count: number): CalendarDay {
  return new Date(instant(day) + count * DAY_MS).toISOString().slice(0, 10)
}

/** A month later is the same day, or the month's last where it has no such day. */
export function addMonths(day: CalendarDay, count: number): CalendarDay {
  const { year, month, date } = partsOf(day)
  const lastOfTarget = new Date(Date.UTC(year, month + count, 0)).getUTCDate()
  return calendarDay(year, month + count, Math.min(date, lastOfTarget))
}

export function daysBetween(from: CalendarDay, to: CalendarDay): number {
  return Math.round((instant(to) - instant(from)) / DAY_MS)
}

/** 0 is Sunday. */
export function weekday(day: CalendarDay): number {
  return new Date(instant(day)).getUTCDay()
}

export function partsOf(day: CalendarDay): { year: number; month: number; date: number } {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return { year, month, date }
}

function instant(day: CalendarDay): number {
  return Date.parse(`${day}T00:00:00Z`)
}
