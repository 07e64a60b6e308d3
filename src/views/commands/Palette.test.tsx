import { cleanup, fireEvent, render, screen, waitFor } from '@solidjs/testing-library'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { withWords } from '../i18n/language.ts'
import { freshDevice } from '../testing/fake-app.tsx'
import Palette from './Palette.tsx'
import { registerCommands, registerFinder } from './registry.ts'

const open = (runs: Record<string, () => void>, onClose = () => undefined, onHelp = () => undefined) =>
  render(() => {
    registerCommands(() => [
      {
        id: 'tasks',
        title: () => 'Ir para Tarefas',
        group: 'go',
        keys: ['g t'],
        run: () => runs['tasks']?.(),
      },
      { id: 'dark', title: () => 'Usar tema escuro', group: 'app', run: () => runs['dark']?.() },
      {
        id: 'never',
        title: () => 'Agora não',
        group: 'app',
        when: () => false,
        run: () => runs['never']?.(),
      },
    ])
    return <Palette onClose={onClose} onHelp={onHelp} />
  })

beforeAll(() => withWords(Promise.resolve()))
beforeEach(() => {
  freshDevice()
  Element.prototype.scrollIntoView = () => undefined // jsdom draws nothing, so it has nothing to scroll
})
afterEach(cleanup)

describe('the palette by keyboard', () => {
  test('what may not be done now is not offered', () => {
    open({})
    expect(screen.getAllByRole('option')).toHaveLength(2)
  })
  test('type, arrow, Enter: the marked command runs after the palette has closed', async () => {
    const [dark, close] = [vi.fn<() => void>(), vi.fn<() => undefined>()]
    open({ dark }, close)
    const input = screen.getByRole('combobox')
    fireEvent.input(input, { target: { value: 'escuro' } })
    expect(screen.getByRole('option', { selected: true }).textContent).toContain('Usar tema escuro')
    fireEvent.keyDown(input, { key: 'Enter' })
    await waitFor(() => expect(dark).toHaveBeenCalledOnce())
    expect(close).toHaveBeenCalledOnce()
    expect(close.mock.invocationCallOrder[0]).toBeLessThan(dark.mock.invocationCallOrder[0] ?? 0)
  })
  test('the arrows go round and the input says which option they are on', () => {
    open({})
    const input = screen.getByRole('combobox')
    expect(input.getAttribute('aria-activedescendant')).toBe('palette-tasks')
    fireEvent.keyDown(input, { key: 'ArrowUp' })
    expect(input.getAttribute('aria-activedescendant')).toBe('palette-dark')
    fireEvent.keyDown(input, { key: 'ArrowDown' })
    expect(input.getAttribute('aria-activedescendant')).toBe('palette-tasks')
  })
  test('what was used stands first the next time', async () => {
    const first = open({})
    fireEvent.click(screen.getByRole('option', { name: /escuro/ }))
    first.unmount()
    open({})
    await waitFor(() => expect(screen.getAllByRole('option')[0]?.textContent).toContain('escuro'))
  })
  test('a task is found by its words and opens on Enter, and is no command to be offered the next time', async () => {
    const opened = vi.fn<() => void>()
    const view = render(() => {
      registerFinder((query) =>
        'vedação da porta'.includes(query) ? [{ id: 't1', title: 'Vedação da porta', run: opened }] : [],
      )
      return <Palette onClose={() => undefined} onHelp={() => undefined} />
    })
    const input = screen.getByRole('combobox')
    expect(screen.queryByRole('option')).toBeNull()
    fireEvent.input(input, { target: { value: 'porta' } })
    expect(screen.getByRole('group', { name: 'Tarefas deste quadro' }).textContent).toContain(
      'Vedação da porta',
    )
    fireEvent.keyDown(input, { key: 'Enter' })
    await waitFor(() => expect(opened).toHaveBeenCalledOnce())
    expect(localStorage.getItem('tideline.recent-commands')).toBeNull()
    view.unmount()
  })
  test('nothing found says so, for what was asked', () => {
    open({})
    fireEvent.input(screen.getByRole('combobox'), { target: { value: 'zzz' } })
    expect(screen.getByText('Nada neste aparelho para “zzz”.')).toBeTruthy()
    expect(screen.queryByRole('listbox')).toBeNull()
  })
  test('? in the empty input opens the help, in a query it is a letter', () => {
    const help = vi.fn<() => undefined>()
    open({}, undefined, help)
    const input = screen.getByRole('combobox')
    fireEvent.input(input, { target: { value: 'a' } })
    fireEvent.keyDown(input, { key: '?' })
    expect(help).not.toHaveBeenCalled()
    fireEvent.input(input, { target: { value: '' } })
    fireEvent.keyDown(input, { key: '?' })
    expect(help).toHaveBeenCalledOnce()
  })
})
