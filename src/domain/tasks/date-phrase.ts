import {
  type CalendarDay,
  type LocalNow,
  addDays,
  addMonths,
  calendarDay,
  existingDay,
  partsOf,
  weekday,
} from './calendar-day.ts'
import { CERTAIN_WEEKDAY, COUNTS, LEADING_MONTH, MONTHS, SHY_WEEKDAY, WEEKDAYS } from './date-words.ts'
import { type Due, clockTime } from './due.ts'

/** A date found at a place in a folded line. `certain` is false where the words may mean something else
 *  (`segunda` is also "second", `1/2` is also a half): those count only at the end of the line, beside
 *  another token, or after a connector. */
export interface DatePhrase {
  readonly end: number
  readonly due: Due
  readonly certain: boolean
}

export interface DateReading {
  readonly now: LocalNow
  /** `en` reads 3/4 as the fourth of March, `pt-BR` as the third of April. */
  readonly locale: 'pt-BR' | 'en'
}

interface Found {
  readonly end: number
  readonly day: CalendarDay
  readonly certain: boolean
  /** counts only after a connector */
  readonly shy?: boolean
}

type Reader = (match: RegExpExecArray, reading: DateReading) => Omit<Found, 'end'> | null

const EDGE = String.raw`(?=$|[\s.,;:!?)\]])`
const CONNECTOR = /(?:para|pra|ate|nas?|nos?|on|by|due|until|for)\s+(?:[oa]\s+)?(?:dia\s+)?/y
const names = (words: object): string => Object.keys(words).join('|')
const at = (pattern: string): RegExp => new RegExp(`(?:${pattern})${EDGE}`, 'y')

const READERS: readonly (readonly [RegExp, Reader])[] = [
  [at('depois de amanha|day after tomorrow'), (_, { now }) => sure(addDays(now.day, 2))],
  [at('hoje|today|tonight'), (_, { now }) => sure(now.day)],
  [at('amanha|tomorrow|tmrw'), (_, { now }) => sure(addDays(now.day, 1))],
  [
    at(
      String.raw`(?:in|em|daqui a|dentro de|within)\s+(\d{1,3}|${names(COUNTS)})\s+(dias?|days?|semanas?|weeks?|mes|meses|months?)`,
    ),
    (match, { now }) => later(now.day, match[1] ?? '', match[2] ?? ''),
  ],
  [at('next week|proxima semana|semana que vem'), (_, { now }) => sure(nextMonday(now.day))],
  [at('next month|proximo mes|mes que vem'), (_, { now }) => sure(firstOfNextMonth(now.day))],
  [at('fim de semana|(?:this )?weekend'), (_, { now }) => ({ day: upcoming(now.day, 6), certain: false })],
  [
    at('(?:o )?fim do mes|(?:the )?end of (?:the )?month'),
    (_, { now }) => ({ day: addDays(firstOfNextMonth(now.day), -1), certain: false }),
  ],
  [
    at(String.raw`(next |proxim[ao] |this |est[ae] )?(${names(WEEKDAYS)})\.?( que vem)?`),
    (match, { now }) => onWeekday(match, now.day),
  ],
  [
    at(String.raw`(\d{4})-(\d{2})-(\d{2})`),
    (match) => dated(Number(match[1]), Number(match[2]), Number(match[3]), true),
  ],
  [at(String.raw`(\d{1,2})\/(\d{1,2})(?:\/(\d{4}|\d{2}))?`), numeric],
  [
    at(String.raw`(\d{1,2})(?:st|nd|rd|th|o|º)?(?: de| of)? (${names(MONTHS)})\.?(?:(?: de|,)? (\d{4}))?`),
    (match, { now }) => named(match[1], match[2], match[3], now.day),
  ],
  [
    at(String.raw`(${names(MONTHS)})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?`),
    (match, { now }) =>
      LEADING_MONTH.test(match[1] ?? '') ? named(match[2], match[1], match[3], now.day) : null,
  ],
]

const TIME = at(String.raw`(?:(as|at|@)\s+)?(\d{1,2})(?:(:|h)(\d{2})?)?\s?(am|pm|h)?`)

/** The date that starts at `start`, the longest reading first; null where none does. */
export function readDatePhrase(folded: string, start: number, reading: DateReading): DatePhrase | null {
  CONNECTOR.lastIndex = start
  const connector = CONNECTOR.exec(folded)
  const from = connector ? CONNECTOR.lastIndex : start
  const date = readDay(folded, from, reading)
  if (date && !(date.shy && !connector)) {
    const time = readTime(folded, skipGap(folded, date.end))
    return {
      end: time ? time.end : date.end,
      due: { day: date.day, time: time ? time.time : null },
      certain: date.certain || connector !== null || time !== null,
    }
  }
  const time = readTime(folded, start)
  return time ? afterTime(folded, time, reading) : null
}

function afterTime(folded: string, time: ReadTime, reading: DateReading): DatePhrase | null {
  const gap = skipGap(folded, time.end)
  CONNECTOR.lastIndex = gap
  const date = readDay(folded, CONNECTOR.exec(folded) ? CONNECTOR.lastIndex : gap, reading)
  if (date) return { end: date.end, due: { day: date.day, time: time.time }, certain: true }
  if (!time.introduced) return null
  const passed = time.time <= clockTime(reading.now.minutes)
  return {
    end: time.end,
    due: { day: passed ? addDays(reading.now.day, 1) : reading.now.day, time: time.time },
    certain: true,
  }
}

function readDay(folded: string, start: number, reading: DateReading): Found | null {
  let best: Found | null = null
  for (const [pattern, read] of READERS) {
    pattern.lastIndex = start
    const match = pattern.exec(folded)
    const found = match && read(match, reading)
    if (found && (!best || pattern.lastIndex > best.end)) best = { ...found, end: pattern.lastIndex }
  }
  return best
}

interface ReadTime {
  readonly end: number
  readonly time: string
  readonly introduced: boolean
}

function readTime(folded: string, start: number): ReadTime | null {
  TIME.lastIndex = start
  const match = TIME.exec(folded)
  if (!match) return null
  const [, word, hourDigits, separator, minuteDigits, suffix] = match
  const marked = separator !== undefined || suffix !== undefined
  if (!(marked || word === 'at') || (separator === ':' && minuteDigits === undefined)) return null
  const half = suffix === 'am' || suffix === 'pm'
  const hour = Number(hourDigits)
  const minute = Number(minuteDigits ?? 0)
  if (minute > 59 || hour > 23 || (half && (hour < 1 || hour > 12))) return null
  const onClock = half ? (hour % 12) + (suffix === 'pm' ? 12 : 0) : hour
  return { end: TIME.lastIndex, time: clockTime(onClock * 60 + minute), introduced: word !== undefined }
}

function skipGap(folded: string, from: number): number {
  const gap = /,?\s+/y
  gap.lastIndex = from
  return gap.exec(folded) ? gap.lastIndex : from
}

const sure = (day: CalendarDay): Omit<Found, 'end'> => ({ day, certain: true })

function later(today: CalendarDay, count: string, unit: string): Omit<Found, 'end'> {
  const many = COUNTS[count] ?? Number(count)
  if (unit.startsWith('m')) return sure(addMonths(today, many))
  return sure(addDays(today, unit.startsWith('d') ? many : many * 7))
}

function upcoming(today: CalendarDay, day: number): CalendarDay {
  return addDays(today, (day - weekday(today) + 7) % 7 || 7)
}

function nextMonday(today: CalendarDay): CalendarDay {
  return upcoming(today, 1)
}

function firstOfNextMonth(today: CalendarDay): CalendarDay {
  const { year, month } = partsOf(today)
  return calendarDay(year, month + 1, 1)
}

function onWeekday(match: RegExpExecArray, today: CalendarDay): Omit<Found, 'end'> | null {
  const word = match[2] ?? ''
  const day = WEEKDAYS[word]
  if (day === undefined) return null
  const next = match[3] !== undefined || /^(next|proxim)/.test(match[1] ?? '')
  // "next Friday" is the one of the week that begins on the coming Monday.
  if (next) return sure(addDays(nextMonday(today), (day + 6) % 7))
  return {
    day: upcoming(today, day),
    certain: match[1] !== undefined || CERTAIN_WEEKDAY.test(word),
    shy: match[1] === undefined && SHY_WEEKDAY.test(word),
  }
}

function dated(year: number, month: number, date: number, certain: boolean): Omit<Found, 'end'> | null {
  const day = existingDay(year, month, date)
  return day === null ? null : { day, certain }
}

function comingDate(today: CalendarDay, month: number, date: number, certain: boolean) {
  const { year } = partsOf(today)
  // 29 February may be up to eight years away.
  for (let ahead = 0; ahead <= 8; ahead++) {
    const day = existingDay(year + ahead, month, date)
    if (day !== null && day >= today) return { day, certain }
  }
  return null
}

function numeric(match: RegExpExecArray, { now, locale }: DateReading): Omit<Found, 'end'> | null {
  const [first, second] = [Number(match[1]), Number(match[2])]
  const monthFirst = second > 12 || (locale === 'en' && first <= 12)
  const [month, date] = monthFirst ? [first, second] : [second, first]
  const certain = first > 12 || second > 12 || match[3] !== undefined
  if (match[3] === undefined) return comingDate(now.day, month, date, certain)
  const year = Number(match[3])
  return dated(year < 100 ? 2000 + year : year, month, date, true)
}

function named(date?: string, month?: string, year?: string, today: CalendarDay = '') {
  const number = MONTHS[month ?? ''] ?? 0
  if (year !== undefined) return dated(Number(year), number, Number(date), true)
  return comingDate(today, number, Number(date), true)
}
