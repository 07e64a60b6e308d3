import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { freshness, keptEvery } from './freshness.ts'

const workspace = '0b9c8f6e-3d52-4a1f-9d55-0d5a6b1c2e3f'
const conversation = 'conv/01ARYZ6S41TSV4RRFFQ69G5FAV'

describe('[F1] how current a document is held', () => {
  test('every kind has one tier', () => {
    const kinds = Object.values(freshness).flatMap((tier): readonly string[] => tier.kinds)
    expect(kinds.toSorted()).toEqual([
      'archive',
      'board',
      'conversation',
      'directory',
      'fleet',
      'inbox',
      'metrics',
      'notes',
    ])
  })
  test.each([
    [conversation, 3_600_000],
    [`${conversation}/notes`, 43_200_000],
    [`ws/${workspace}/fleet`, 300_000],
    [`ws/${workspace}/metrics/2026-11`, 43_200_000],
    [`ws/${workspace}/board/main`, null],
    [`ws/${workspace}/board/main/archive/2025`, null],
    ['payroll', null],
  ])('%s is looked at again after %s ms when it is only kept', (id, every) => {
    expect(keptEvery(id)).toBe(every)
  })
  test('the table of docs/sync.md is this one', () => {
    const page = readFileSync(new URL('../../docs/sync.md', import.meta.url), 'utf8')
    const lookedAt = (held: string, every: number | null) => {
      if (every === null) return held === 'open' ? 'with every exchange' : 'only while it is open'
      return every < 3_600_000 ? `after ${every / 60_000} min` : `after ${every / 3_600_000} h`
    }
    const rows = Object.entries(freshness).map(
      ([tier, { held, lookEvery, kinds }]) =>
        `| ${tier} | ${held} | ${lookedAt(held, lookEvery)} | ${kinds.join(', ')} |`,
    )
    expect(page).toContain(`|---|---|---|---|\n${rows.join('\n')}\n\n`)
  })
})
