import { describe, expect, test } from 'vitest'
import { complete, completionAt, completionsOf } from './quick-add-completion.ts'

describe('what a # or @ may become', () => {
  test.each([
    ['Trocar #', 8, { kind: 'label', start: 7, end: 8, query: '' }],
    ['Trocar #fre', 11, { kind: 'label', start: 7, end: 11, query: 'fre' }],
    ['Trocar #"câ', 11, { kind: 'label', start: 7, end: 11, query: 'câ' }],
    ['@li', 3, { kind: 'member', start: 0, end: 3, query: 'li' }],
    ['ana@li', 6, null],
    ['Trocar #freezer x', 17, null],
    ['#freezer', 3, null],
  ])('%s|%i', (line, caret, expected) => {
    expect(completionAt(line, caret)).toEqual(expected)
  })

  test('is found by any word of the name, whatever the accents', () => {
    const all = [
      { id: '1', name: 'peças' },
      { id: '2', name: 'Marta Oliveira' },
    ]
    expect(completionsOf('PEC', all).map((one) => one.id)).toEqual(['1'])
    expect(completionsOf('oli', all).map((one) => one.id)).toEqual(['2'])
    expect(completionsOf('', all)).toHaveLength(2)
  })

  test('is written so that the grammar reads it back', () => {
    const at = completionAt('Ver #câ hoje', 7)
    if (!at) throw new Error('no completion')
    expect(complete('Ver #câ hoje', at, 'câmara fria')).toEqual({
      line: 'Ver #"câmara fria" hoje',
      caret: 19,
    })
    expect(complete('Ver #câ hoje', at, 'câmara').line).toBe('Ver #câmara hoje')
  })
})
