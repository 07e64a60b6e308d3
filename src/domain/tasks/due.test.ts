import { describe, expect, test } from 'vitest'
import { addDays, addMonths, daysBetween, localNow, weekday } from './calendar-day.ts'
import { dueFields, dueOf, dueWording } from './due.ts'

const now = { day: '2026-11-20', minutes: 14 * 60 + 32 }

describe('how a due date is said', () => {
  test.each([
    ['2026-11-20', null, { kind: 'today', late: false, minutesLeft: null }],
    ['2026-11-20', '15:30', { kind: 'today', late: false, minutesLeft: 58 }],
    ['2026-11-20', '14:00', { kind: 'today', late: true, minutesLeft: null }],
    ['2026-11-20', '18:00', { kind: 'today', late: false, minutesLeft: null }],
    ['2026-11-21', '09:00', { kind: 'tomorrow', late: false, minutesLeft: null }],
    ['2026-11-19', null, { kind: 'yesterday', late: true, minutesLeft: null }],
    ['2026-11-18', null, { kind: 'date', late: true, minutesLeft: null }],
    ['2026-11-25', null, { kind: 'date', late: false, minutesLeft: null }],
    ['2026-11-27', null, { kind: 'date', late: false, minutesLeft: null }],
    ['2027-01-02', null, { kind: 'date', late: false, minutesLeft: null }],
  ])('%s %s', (day, time, wording) => {
    expect(dueWording({ day, time }, now)).toMatchObject(wording)
  })

  test('an unreadable time is no time, and writing a day without a time clears the old one', () => {
    expect(dueOf({ due: '2026-11-20', due_time: '25:00' })).toEqual({ day: '2026-11-20', time: null })
    expect(dueOf({ due: null, due_time: '09:00' })).toBeNull()
    expect(dueFields({ day: '2026-11-20', time: null })).toEqual({ due: '2026-11-20', due_time: null })
    expect(dueFields(null)).toEqual({ due: null, due_time: null })
  })
})

describe('the calendar', () => {
  test('crosses months, leap years and daylight saving by whole days', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30')
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28')
    expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2)
    expect(weekday('2026-11-20')).toBe(5)
    expect(localNow(new Date(2026, 10, 20, 14, 32))).toEqual(now)
  })
})
