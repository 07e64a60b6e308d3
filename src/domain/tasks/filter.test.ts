import { describe, expect, test } from 'vitest'
import { type TaskFilter, NO_FILTER, isFiltering, matchesFilter } from './filter.ts'
import { readTaskView, writeTaskView } from './view-query.ts'

// A Friday.
const today = '2026-11-20'
const task = {
  title: 'Trocar ventilador da câmara fria',
  assignee: 'lia',
  labels: ['freezer', 'urgente'],
  due: '2026-11-18',
  status: 'backlog',
} as const

describe('a filter', () => {
  test.each<[Partial<TaskFilter>, boolean]>([
    [{}, true],
    [{ assignees: ['lia', 'marta'] }, true],
    [{ assignees: ['none'] }, false],
    [{ labels: ['frota', 'urgente'] }, true],
    [{ labels: ['frota'] }, false],
    [{ text: 'camara TROCAR' }, true],
    [{ text: 'câmara quente' }, false],
    [{ due: 'late' }, true],
    [{ due: 'today' }, false],
    [{ due: 'none' }, false],
    [{ assignees: ['lia'], due: 'week' }, false],
  ])('%j → %s', (filter, matches) => {
    expect(matchesFilter(task, { ...NO_FILTER, ...filter }, today)).toBe(matches)
  })

  test('a done task is never late, a week ends on its Sunday', () => {
    expect(matchesFilter({ ...task, status: 'done' }, { ...NO_FILTER, due: 'late' }, today)).toBe(false)
    const week = { ...NO_FILTER, due: 'week' } as const
    expect(matchesFilter({ ...task, due: '2026-11-22' }, week, today)).toBe(true)
    expect(matchesFilter({ ...task, due: '2026-11-23' }, week, today)).toBe(false)
    expect(matchesFilter({ ...task, due: '2026-11-22' }, week, '2026-11-22')).toBe(true)
  })
})

describe('the URL of the tasks screen', () => {
  test('gives back what was put in, and says nothing of what is usual', () => {
    const view = {
      view: 'list',
      filter: { assignees: ['lia', 'none'], labels: ['x'], due: 'week', text: 'câmara 2' },
      task: '01J',
    } as const
    expect(readTaskView(writeTaskView(view))).toEqual(view)
    const usual = { view: 'board', filter: NO_FILTER, task: null } as const
    expect(Object.values(writeTaskView(usual)).every((value) => value === undefined)).toBe(true)
    expect(readTaskView({})).toEqual(usual)
    expect(isFiltering(usual.filter)).toBe(false)
  })

  test('made by hand and wrong shows the board', () => {
    expect(readTaskView({ view: 'gantt', due: 'never', who: ',,lia,lia', label: ['a', 'b'] })).toEqual({
      view: 'board',
      filter: { assignees: ['lia'], labels: ['a', 'b'], due: null, text: '' },
      task: null,
    })
  })
})
