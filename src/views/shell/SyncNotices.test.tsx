import { cleanup, render, screen } from '@solidjs/testing-library'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { SyncState } from '../../stores/workspace-context.ts'
import { showLanguage } from '../i18n/language.ts'
import { freshDevice } from '../testing/fake-app.tsx'
import { synced } from '../testing/fake-workspace.ts'
import { SyncNotices } from './SyncNotices.tsx'

const show = (part: Partial<SyncState>) => {
  render(() => <SyncNotices sync={{ ...synced, ...part }} />)
  return screen.queryAllByRole('status').map((notice) => notice.textContent)
}

beforeEach(() => {
  freshDevice()
  vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] })
})
afterEach(async () => {
  vi.useRealTimers()
  cleanup()
  await showLanguage('pt-BR')
})

describe('what is not as it should be', () => {
  test('is not spoken of when all is well', () => {
    expect(show({})).toEqual([])
  })

  test('[B6] calls that pause say why, that edits are safe, and when the next one goes', async () => {
    const paused = { calls: { kind: 'paused', until: 1_020_000 } } as const
    expect(show(paused)).toEqual([
      'O servidor falhou e fica em paz por um instante. O que você faz fica salvo aqui. Nova tentativa em 20 s.',
    ])
    cleanup()
    await showLanguage('en')
    expect(show(paused)[0]).toMatch(/What you do is saved here\. Next try in 20 s\.$/)
  })

  test('[B6] a pause that is over counts no seconds below zero', () => {
    expect(show({ calls: { kind: 'paused', until: 999_000 } })[0]).not.toMatch(/tentativa/)
  })

  test.each([
    ['unsent_lost', /Elas se perderam/],
    ['corrupt_record', /lida de novo do servidor/],
    ['malformed_answer', /Os outros continuam/],
    ['moon_phase', /\(moon_phase\)/],
  ])('[D13] a problem (%s) is said in words', (code, words) => {
    expect(show({ problem: { code, message: '' } })[0]).toMatch(words)
  })
})
