import { cleanup, fireEvent, render, screen } from '@solidjs/testing-library'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ConnectionLogLine } from '../../stores/workspace-context.ts'
import { showLanguage, withWords } from '../i18n/language.ts'
import { AtAddress, fakeApp, freshDevice } from '../testing/fake-app.tsx'
import { fakeWorkspace } from '../testing/fake-workspace.ts'
import { ConnectionLog } from './ConnectionLog.tsx'

const at = new Date(2026, 10, 20, 14, 30, 5).getTime()
const topic = 'ws:0b9c8f6e-3d52-4a1f-9d55-0d5a6b1c2e3f'
const lines: ConnectionLogLine[] = [
  { at, code: 'joined', topic },
  { at, code: 'live' },
  { at, code: 'pull-failed', reason: 'busy', answered: '503 PGRST000' },
  { at, code: 'calls-paused', milliseconds: 30_000 },
  { at, code: 'storage-lost', doc: 'ws/0b9c8f6e-3d52-4a1f-9d55-0d5a6b1c2e3f/board/main' },
]

function open(log: readonly ConnectionLogLine[], save = vi.fn<(...file: string[]) => void>()) {
  const workspace = fakeWorkspace({ log: () => log })
  render(() => (
    <AtAddress app={fakeApp({ device: { save } })} workspace={workspace}>
      {() => <ConnectionLog />}
    </AtAddress>
  ))
  return {
    save,
    rows: () =>
      screen
        .queryAllByRole('row')
        .slice(1)
        .map((row) => row.textContent),
  }
}

beforeAll(() => withWords(Promise.resolve()))
beforeEach(() => void freshDevice())
afterEach(async () => {
  cleanup()
  await showLanguage('pt-BR')
})

describe('[L3] the connection log', () => {
  test('says in words what happened, newest first', () => {
    const { rows } = open(lines)
    expect(rows().map((row) => row?.replace(/^.*?(?=[A-Z])/, ''))).toEqual([
      'Cópia local inacessívelboard/main',
      'Chamadas em pausapor 30 s',
      'Leitura sem efeitoservidor ocupado (503 PGRST000)',
      'Ao vivo',
      'Escutandoespaço de trabalho',
    ])
  })

  test('says where before why, and words of the server in no other language', () => {
    const { rows } = open([
      { at, code: 'dropped', topic, reason: 'closed' },
      { at, code: 'pull-failed', reason: 'unreachable', answered: 'no answer' },
    ])
    expect(rows()[0]).toMatch(/Leitura sem efeitosem resposta$/)
    expect(rows()[1]).toMatch(/Escuta perdidaespaço de trabalho: conexão fechada$/)
  })

  test('speaks the language that was chosen', async () => {
    await showLanguage('en')
    const { rows } = open(lines)
    expect(rows()[1]).toMatch(/Calls pausedfor 30 s$/)
  })

  test('shows problems alone when asked to, and says so when there are none', () => {
    const { rows } = open(lines)
    fireEvent.click(screen.getByRole('button', { name: 'Problemas' }))
    expect(rows()).toHaveLength(3)
    cleanup()
    open(lines.slice(0, 2))
    fireEvent.click(screen.getByRole('button', { name: 'Problemas' }))
    expect(screen.getByText('Nenhum problema nas linhas guardadas.')).toBeTruthy()
  })

  test('a code of another version stands for itself', () => {
    const { rows } = open([{ at, code: 'tides-turned' as never }])
    expect(rows()[0]).toContain('tides-turned')
  })

  test('is exported whole, in ids and codes of no language', () => {
    const { save } = open(lines)
    fireEvent.click(screen.getByRole('button', { name: 'Exportar registro' }))
    const [name, type, text] = save.mock.calls[0] ?? []
    expect([name, type]).toEqual(['tideline-log.txt', 'text/plain'])
    expect(text?.split('\n').map((line) => line.slice(25))).toEqual([
      `joined topic=${topic}`,
      'live',
      'pull-failed reason=busy answered=503 PGRST000',
      'calls-paused milliseconds=30000',
      'storage-lost doc=ws/0b9c8f6e-3d52-4a1f-9d55-0d5a6b1c2e3f/board/main',
    ])
  })

  test('a long log shows its newest hundred, and says that there is more', () => {
    const { rows } = open(Array.from({ length: 140 }, () => lines[1] ?? { at, code: 'live' }))
    expect(rows()).toHaveLength(100)
    expect(screen.getByText('Mais 40 linhas no registro exportado.')).toBeTruthy()
  })
})
