import { describe, expect, test } from 'vitest'
import { en } from './dictionaries/en/index.ts'
import { ptBR as firstPaint } from './dictionaries/pt-BR/index.ts'
import { roomsOnDemand } from './dictionaries/pt-BR/rooms-on-demand.ts'

const ptBR = {
  ...firstPaint,
  ...roomsOnDemand,
  commands: { ...firstPaint.commands, ...roomsOnDemand.commands },
  shell: { ...firstPaint.shell, ...roomsOnDemand.shell },
  tasks: { ...firstPaint.tasks, ...roomsOnDemand.tasks },
}
type Room = Record<string, string | ((...args: never[]) => string)>
const rooms = Object.entries(ptBR) as [keyof typeof ptBR, Room][]
/** A list reads well in every place of a text, be it meant for a number, a word or names. */
const two = ['2', '2']
const say = (words: Room[string]) =>
  typeof words === 'function' ? words(...([two, two, two] as never[])) : words

describe('both languages say the same things', () => {
  test('a room is missing in one of them', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(ptBR).sort())
  })
  test.each(rooms)('a key of %s is missing or takes other arguments', (name, room) => {
    const other: Room = en[name]
    const shape = (words: Room) =>
      Object.fromEntries(
        Object.entries(words).map(([key, value]) => [
          key,
          typeof value === 'function' ? value.length : 'text',
        ]),
      )
    expect(shape(other)).toEqual(shape(room))
  })
})

describe('the voice', () => {
  const lines = [ptBR, en].flatMap((dictionary) =>
    Object.entries(dictionary as Record<string, Room>).flatMap(([room, words]) =>
      Object.entries(words).map(([key, value]) => [`${room}.${key}`, say(value)] as const),
    ),
  )
  test('no line shouts, blames or says nothing', () => {
    expect(lines.filter(([, text]) => /!|oops|ops,|por favor|please/i.test(text))).toEqual([])
    expect(lines.filter(([, text]) => text.trim() === '')).toEqual([])
  })
})
