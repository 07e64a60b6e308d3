// The words of the quick-add grammar, folded (small letters, no accents). Both languages are always read:
// people of one team type in both.

export const WEEKDAYS: Readonly<Record<string, number>> = {
  domingo: 0,
  dom: 0,
  sunday: 0,
  sun: 0,
  'segunda-feira': 1,
  segunda: 1,
  seg: 1,
  monday: 1,
  mon: 1,
  'terca-feira': 2,
  terca: 2,
  ter: 2,
  tuesday: 2,
  tue: 2,
  'quarta-feira': 3,
  quarta: 3,
  qua: 3,
  wednesday: 3,
  wed: 3,
  'quinta-feira': 4,
  quinta: 4,
  qui: 4,
  thursday: 4,
  thu: 4,
  'sexta-feira': 5,
  sexta: 5,
  sex: 5,
  friday: 5,
  fri: 5,
  sabado: 6,
  sab: 6,
  saturday: 6,
  sat: 6,
}

/** Weekdays that are no other word: these are a date wherever they stand. */
export const CERTAIN_WEEKDAY = /-feira$|^(sabado|domingo|(mon|tues|wednes|thurs|fri|satur|sun)day)$/

/** Short forms that are everyday words (ter = to have, sun): a date only after a connector (`na sex`, `on sat`). */
export const SHY_WEEKDAY = /^(ter|sex|dom|sab|sun|sat)$/

export const MONTHS: Readonly<Record<string, number>> = {
  janeiro: 1,
  jan: 1,
  january: 1,
  fevereiro: 2,
  fev: 2,
  february: 2,
  feb: 2,
  marco: 3,
  mar: 3,
  march: 3,
  abril: 4,
  abr: 4,
  april: 4,
  apr: 4,
  maio: 5,
  mai: 5,
  may: 5,
  junho: 6,
  jun: 6,
  june: 6,
  julho: 7,
  jul: 7,
  july: 7,
  agosto: 8,
  ago: 8,
  august: 8,
  aug: 8,
  setembro: 9,
  set: 9,
  september: 9,
  sept: 9,
  sep: 9,
  outubro: 10,
  out: 10,
  october: 10,
  oct: 10,
  novembro: 11,
  nov: 11,
  november: 11,
  dezembro: 12,
  dez: 12,
  december: 12,
  dec: 12,
}

/** Months that may lead their day (`Dec 25`): the English ones; `set 5` and `out 3` mean something else. */
export const LEADING_MONTH = /^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/

export const COUNTS: Readonly<Record<string, number>> = {
  um: 1,
  uma: 1,
  a: 1,
  an: 1,
  one: 1,
  dois: 2,
  duas: 2,
  two: 2,
  tres: 3,
  three: 3,
  quatro: 4,
  four: 4,
  cinco: 5,
  five: 5,
}

/** Small letters without accents, unit for unit, so that positions in the folded text are positions in the text. */
export function fold(text: string): string {
  let folded = ''
  for (let index = 0; index < text.length; index++) {
    const unit = text.charAt(index)
    const plain = unit.normalize('NFD').charAt(0).toLowerCase()
    folded += plain.length === 1 ? plain : unit
  }
  return folded
}
