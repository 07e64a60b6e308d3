import { describe, expect, test } from 'vitest'
import { fuzzyMatch } from './fuzzy-match.ts'
import { paletteSections } from './palette-results.ts'
import type { Command } from './registry.ts'

const command = (id: string, title: string, part: Partial<Command> = {}): Command => ({
  id,
  title: () => title,
  group: 'go',
  run: () => undefined,
  ...part,
})

describe('what a query finds', () => {
  test.each([
    ['esc', 'Ir para o Escritório', true],
    ['ESCRITORIO', 'Ir para o Escritório', true],
    ['ipe', 'Ir para o Escritório', true],
    ['escritório', 'Ir para o Escritorio', true],
    ['esc', 'Ver atalhos do teclado', false],
    ['xyz', 'Ir para o Escritório', false],
  ])('%s in %s: %s', (query, text, found) => {
    expect(fuzzyMatch(query, text) !== null).toBe(found)
  })
  test('the letters in bold are the ones that matched', () => {
    expect(fuzzyMatch('esc', 'Ir para o Escritório')?.ranges).toEqual([[10, 13]])
  })
  test('a run at the start of a word beats letters that lie apart', () => {
    const near = fuzzyMatch('ta', 'Ir para Tarefas')?.score ?? 0
    const far = fuzzyMatch('ta', 'Trocar para Azul')?.score ?? 0
    expect(near).toBeGreaterThan(far)
  })
})

describe('sections of the palette', () => {
  const list = [
    command('a', 'Go to Tasks'),
    command('b', 'Use dark theme', { group: 'app', keywords: () => 'appearance' }),
    command('c', 'Sync now', { group: 'sync' }),
  ]
  test('without a query: recent first, and no command twice', () => {
    const sections = paletteSections(list, '', ['c', 'gone'])
    expect(sections.map((section) => section.group)).toEqual(['recent', 'go', 'app'])
    expect(sections.flatMap((section) => section.results.map((result) => result.command.id))).toEqual([
      'c',
      'a',
      'b',
    ])
  })
  test('the group of the best hit comes first', () => {
    expect(paletteSections(list, 'sy', [])[0]?.results[0]?.command.id).toBe('c')
  })
  test('a word beside the title finds it too', () => {
    expect(paletteSections(list, 'appear', [])[0]?.results[0]?.command.id).toBe('b')
  })
  test('nothing found is no section', () => {
    expect(paletteSections(list, 'zzz', [])).toEqual([])
  })
})
