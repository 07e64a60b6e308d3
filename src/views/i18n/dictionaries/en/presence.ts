import type { RoomWords } from '../pt-BR/index.ts'

const listed = (names: readonly string[]) => new Intl.ListFormat('en', { type: 'conjunction' }).format(names)

export const presence: RoomWords<'presence'> = {
  here: 'Who is here',
  away: (name) => `${name}, away`,
  andMore: (count) => `${count} more`,
  othersHere: (name, more) =>
    more === 0 ? `, ${name} is here` : `, ${name} and ${more === 1 ? '1 other' : `${more} others`} here`,
  haveItOpen: (names) => `${listed(names)} ${names.length === 1 ? 'is' : 'are'} in this task`,
  editing: (names) => (names.length === 1 ? `${listed(names)} is editing` : `${names.length} editing`),
}
