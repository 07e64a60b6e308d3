import { describe, expect, test } from 'vitest'
import type { PendingChange } from '../sync/sync-state.ts'
import { groupPending } from './pending-groups.ts'

const change = (id: string, part: Partial<PendingChange> = {}): PendingChange => ({
  id,
  doc: 'ws/1/board/main',
  collection: 'tasks',
  entity: 'A',
  fields: ['title'],
  at: 1,
  state: 'device',
  ...part,
})

describe('unsent changes as a person counts them', () => {
  test('thirty keystrokes in one title are one change', () => {
    const groups = groupPending(Array.from({ length: 30 }, (_, i) => change(`c${i}`, { at: i + 1 })))
    expect(groups).toHaveLength(1)
    expect(groups[0]).toMatchObject({ at: 1, fields: ['title'], state: 'device' })
  })
  test('fields of one thing are gathered, other things stand apart, the oldest stays first', () => {
    const groups = groupPending([
      change('1'),
      change('2', { entity: 'B' }),
      change('3', { fields: ['due', 'title'] }),
    ])
    expect(groups.map((group) => [group.entity, group.fields])).toEqual([
      ['A', ['title', 'due']],
      ['B', ['title']],
    ])
  })
  test('one refused change among sent ones is not hidden', () => {
    const refusal = { code: 'read_only', message: 'no' }
    const [group] = groupPending([
      change('1', { state: 'sending' }),
      change('2', { state: 'refused', refusal }),
      change('3'),
    ])
    expect(group).toMatchObject({ state: 'refused', refusal })
  })
})
