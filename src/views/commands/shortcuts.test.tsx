import { cleanup, render } from '@solidjs/testing-library'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { freshDevice } from '../testing/fake-app.tsx'
import { commands, registerCommands, type Command } from './registry.ts'
import { createShortcuts, setSingleKeys } from './shortcuts.ts'

const command = (id: string, keys: string[], run: () => void, when?: () => boolean): Command => ({
  id,
  title: () => id,
  group: 'app',
  keys,
  run,
  ...(when === undefined ? {} : { when }),
})
const screen = (list: () => Command[]) =>
  render(() => {
    createShortcuts()
    registerCommands(list)
    return (
      <div>
        <input aria-label="text" />
        <input type="checkbox" aria-label="box" />
        <div role="menu" tabindex="-1" />
      </div>
    )
  })
const press = (target: Element, key: string, more: KeyboardEventInit = {}) =>
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))

beforeEach(() => {
  freshDevice()
  setSingleKeys(true)
})
afterEach(cleanup)

describe('shortcuts', () => {
  test('a single key typed into a field is text, not a command', () => {
    const run = vi.fn<() => void>()
    const { getByLabelText } = screen(() => [command('add', ['c'], run)])
    press(getByLabelText('text'), 'c')
    expect(run).not.toHaveBeenCalled()
    press(getByLabelText('box'), 'c')
    press(document.body, 'c')
    expect(run).toHaveBeenCalledTimes(2)
  })
  test('an open menu keeps the letters for its own search', () => {
    const run = vi.fn<() => void>()
    const { getByRole } = screen(() => [command('add', ['c'], run)])
    press(getByRole('menu'), 'c')
    expect(run).not.toHaveBeenCalled()
  })
  test('with a modifier it works while writing', () => {
    const run = vi.fn<() => void>()
    const { getByLabelText } = screen(() => [command('palette', ['$mod+k'], run)])
    press(getByLabelText('text'), 'k', { ctrlKey: true })
    expect(run).toHaveBeenCalledOnce()
  })
  test('g t is a sequence, and t alone is not', () => {
    const run = vi.fn<() => void>()
    screen(() => [command('tasks', ['g t'], run)])
    press(document.body, 't')
    expect(run).not.toHaveBeenCalled()
    press(document.body, 'g')
    press(document.body, 't')
    expect(run).toHaveBeenCalledOnce()
  })
  test('the newest screen wins a key; when its moment is wrong, the one before has it', () => {
    const [older, newer] = [vi.fn<() => void>(), vi.fn<() => void>()]
    let right = true
    screen(() => [command('older', ['x'], older)])
    screen(() => [command('newer', ['x'], newer, () => right)])
    press(document.body, 'x')
    right = false
    press(document.body, 'x')
    // Two screens listen here; in the app one does. Each lets the other's answer stand.
    expect([older.mock.calls.length, newer.mock.calls.length]).toEqual([1, 1])
  })
  test('turned off, a single key does nothing and a modified one still works', () => {
    const [single, modified] = [vi.fn<() => void>(), vi.fn<() => void>()]
    screen(() => [command('add', ['c'], single), command('palette', ['$mod+k'], modified)])
    setSingleKeys(false)
    press(document.body, 'c')
    press(document.body, 'k', { ctrlKey: true })
    expect([single.mock.calls.length, modified.mock.calls.length]).toEqual([0, 1])
  })
  test('the commands of a screen leave with it', () => {
    const { unmount } = screen(() => [command('here', ['y'], () => undefined)])
    expect(commands().some((one) => one.id === 'here')).toBe(true)
    unmount()
    expect(commands().some((one) => one.id === 'here')).toBe(false)
  })
})
