/** How a test reads the tasks screen and acts on it, as a person would. */
import { fireEvent, screen, within } from '@solidjs/testing-library'

export const column = (name: string) => screen.findByRole('region', { name })
export const titlesIn = async (name: string) =>
  within(await column(name))
    .queryAllByRole('link')
    .map((link) => link.textContent?.split(',')[0])
export const card = (title: string) => screen.findByRole('link', { name: new RegExp(`^${title}`) })
export const address = () => screen.getByTestId('address').textContent ?? ''
export const key = (name: string, modifiers: Partial<KeyboardEventInit> = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key: name, ...modifiers })
export const type = (field: HTMLElement, text: string) => {
  const input = field as HTMLInputElement
  input.value = text
  input.setSelectionRange(text.length, text.length)
  fireEvent.input(input)
}
