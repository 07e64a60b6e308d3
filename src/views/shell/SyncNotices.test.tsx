import { cleanup, render, screen } from '@solidjs/testing-library'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ConnectionState, SyncState } from '../../stores/workspace-context.ts'
import { showLanguage, withWords } from '../i18n/language.ts'
import { freshDevice } from '../testing/fake-app.tsx'
import { synced } from '../testing/fake-workspace.ts'
import { SyncNotices } from './SyncNotices.tsx'

const live: ConnectionState = { kind: 'live', since: 1 }

const show = (part: Partial<SyncState>, connection: ConnectionState = live) => {
  render(() => <SyncNotices sync={{ ...synced, ...part }} connection={connection} />)
  return screen.queryAllByRole('status').map((notice) => notice.textContent)
}

beforeEach(async () => {
  freshDevice()
  await withWords(Promise.resolve())
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

  test('[D11] storage that is full or forbidden says what is at stake and what to do', () => {
    expect(show({ storage: 'full' })[0]).toMatch(/^Sem espaço aqui: .* Libere espaço/)
    cleanup()
    expect(show({ storage: 'memory-only' })[0]).toMatch(/Não feche esta aba/)
  })

  test('who was taken out of the team reads it also where the line is short', () => {
    const refused: ConnectionState = { kind: 'refused', code: 'not_a_member', message: '' }
    expect(show({}, refused)[0]).toMatch(/não está mais nesta equipe/)
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
