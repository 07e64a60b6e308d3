import { describe, expect, test } from 'vitest'
import { keyLabels } from './key-labels.ts'

describe('keys in the words of the keyboard', () => {
  test.each([
    ['$mod+K', true, ['⌘K']],
    ['$mod+K', false, ['Ctrl K']],
    ['Shift+?', false, ['?']],
    ['g t', false, ['G', 'T']],
    ['Enter', true, ['↵']],
    ['$mod+Shift+Z', true, ['⌘⇧Z']],
  ] as const)('%s (mac: %s)', (keys, mac, labels) => {
    expect(keyLabels(keys, mac)).toEqual(labels)
  })
})
