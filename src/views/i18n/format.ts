import { createMemo, createRoot } from 'solid-js'
import { language, useText } from './language.ts'

/** Dates and numbers as people of this language write them; day before month in both, 24 hours in both. */
export interface Format {
  /** 14:30 */
  time(at: number): string
  /** 14:30:06, where seconds matter: the connection log */
  timeWithSeconds(at: number): string
  /** 18 nov, with the year when it is not this one; an ISO date stays on its own day in every time zone */
  day(at: number | string): string
  /** quinta-feira, 20 de novembro */
  longDay(at: number | string): string
  /** 14:30 today, 18 nov 14:30 on any other day */
  moment(at: number): string
  number(value: number): string
  /** 568 MB */
  bytes(value: number): string
}

const intlLocale = { 'pt-BR': 'pt-BR', en: 'en-GB' } as const

const current = createRoot(() => createMemo(() => makeFormat(intlLocale[language()])))

export function useFormat(): () => Format {
  return current
}

function makeFormat(locale: string): Format {
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
  const seconds = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const month = new Intl.DateTimeFormat(locale, { month: 'short' })
  const long = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' })
  const number = new Intl.NumberFormat(locale)
  const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const t = useText()

  const day = (at: number | string) => {
    const date = dateOf(at)
    const words = `${date.getDate()} ${month.format(date).replace('.', '')}`
    return date.getFullYear() === new Date().getFullYear() ? words : `${words} ${date.getFullYear()}`
  }
  return {
    time: (at) => time.format(at),
    timeWithSeconds: (at) => seconds.format(at),
    day,
    longDay: (at) => long.format(dateOf(at)),
    moment: (at) =>
      new Date(at).toDateString() === new Date().toDateString()
        ? time.format(at)
        : t('shell.dayAndTime', day(at), time.format(at)),
    number: (value) => number.format(value),
    bytes(value) {
      const units = ['B', 'kB', 'MB', 'GB', 'TB']
      let size = value
      let unit = 0
      while (size >= 1000 && unit < units.length - 1) {
        size /= 1000
        unit++
      }
      return `${size >= 100 ? number.format(Math.round(size)) : short.format(size)} ${units[unit]}`
    },
  }
}

function dateOf(at: number | string): Date {
  if (typeof at === 'number') return new Date(at)
  const [year = 1970, monthNumber = 1, dayOfMonth = 1] = at.slice(0, 10).split('-').map(Number)
  return at.length === 10 ? new Date(year, monthNumber - 1, dayOfMonth) : new Date(at)
}
