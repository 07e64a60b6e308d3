import { cleanup, fireEvent, render, screen, waitFor } from '@solidjs/testing-library'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Menu } from './Menu.tsx'
import { warmOverlays } from './overlays.ts'

beforeAll(warmOverlays)
afterEach(cleanup)

function open(press: (button: HTMLElement) => void) {
  const ran: string[] = []
  render(() => (
    <Menu
      label="Mais"
      trigger="Mais"
      entries={() => [
        { kind: 'heading', label: 'Feitos' },
        { label: 'Copiar', run: () => void ran.push('copy') },
        { label: 'Excluir', run: () => void ran.push('delete') },
      ]}
    />
  ))
  const button = screen.getByRole('button', { name: 'Mais' })
  button.focus()
  press(button)
  return ran
}

describe('a menu', () => {
  test.each([
    ['Enter', (button: HTMLElement) => fireEvent.click(button, { detail: 0 })],
    ['the arrow', (button: HTMLElement) => fireEvent.keyDown(button, { key: 'ArrowDown' })],
  ])('opened with %s marks its first entry at once', async (_key, press) => {
    open(press)
    const first = await screen.findByRole('menuitem', { name: 'Copiar' })
    await waitFor(() => expect(first.hasAttribute('data-highlighted')).toBe(true))
    expect(document.activeElement).toBe(first)
    fireEvent.keyDown(first, { key: 'ArrowDown' })
    await waitFor(() =>
      expect(screen.getByRole('menuitem', { name: 'Excluir' }).hasAttribute('data-highlighted')).toBe(true),
    )
  })

  test('opened with a pointer marks nothing: the pointer will say', async () => {
    open((button) => fireEvent.click(button, { detail: 1 }))
    await screen.findByRole('menu')
    await waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('menu'))
    expect(document.querySelector('[data-highlighted]')).toBeNull()
  })
})
