import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { iconNames } from './icon-names.ts'

const sprite = readFileSync('src/views/kit/sprite.svg', 'utf8')
const drawn = [...sprite.matchAll(/<symbol id="i-([^"]+)"/g)].map((match) => match[1])

describe('icons', () => {
  test('a name without a drawing would be an empty square on the screen', () => {
    expect(iconNames.filter((name) => !drawn.includes(name))).toEqual([])
  })
  test('a drawing without a name is dead weight in every page', () => {
    expect(drawn.filter((name) => !iconNames.some((known) => known === name))).toEqual([])
  })
})
