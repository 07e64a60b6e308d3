import { cleanup, configure, fireEvent, screen, waitFor, within } from '@solidjs/testing-library'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { uploadChoices } from '../../stores/attachments/upload-choices.ts'
import { showLanguage, withWords } from '../i18n/language.ts'
import { renderTasks } from '../tasks/testing/render-tasks.tsx'

// The room of a task is loaded when the first one is opened.
configure({ asyncUtilTimeout: 10_000 })

const given: string[] = []
const taken: string[] = []

beforeEach(async () => {
  await showLanguage('en')
  await withWords(Promise.resolve())
  URL.createObjectURL = () => {
    given.push(`blob:${given.length}`)
    return given.at(-1) ?? ''
  }
  URL.revokeObjectURL = (url) => void taken.push(url)
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function () {
    this.open = false
    this.dispatchEvent(new Event('close'))
  }
})
afterEach(() => {
  cleanup()
  given.length = 0
  taken.length = 0
  uploadChoices.setPaused(false)
  uploadChoices.setWifiOnly(false)
})

const photo = (name = 'panel.png', bytes = 'one') => new File([bytes], name, { type: 'image/png' })
const hashOf = (bytes: string) =>
  Array.from(new TextEncoder().encode(bytes), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .padEnd(64, '0')

async function openTask(role: 'owner' | 'viewer' = 'owner') {
  const board = renderTasks([{ title: 'Replace the fan' }], { role })
  fireEvent.click(await screen.findByRole('link', { name: 'Replace the fan' }))
  const section = await screen.findByRole('region', { name: 'Replace the fan' })
  await within(section).findByRole('heading', { name: 'Attachments' })
  const choose = (...files: File[]) => {
    const input = section.querySelector<HTMLInputElement>('input[multiple]')
    if (!input) throw new Error('there is nothing to choose with')
    Object.defineProperty(input, 'files', { value: files, configurable: true })
    fireEvent.change(input)
  }
  return { ...board, section, choose }
}

const tile = (name: string) => screen.findByRole('button', { name: new RegExp(`^Open the photo ${name}`) })

describe('adding', () => {
  test('[F1] a photo is there at once, kept before it is named, and its address given back with its tile', async () => {
    const { choose, files } = await openTask()
    choose(photo())
    const shown = await tile('panel.png')
    await waitFor(() => expect(shown.querySelector('img')).not.toBeNull())
    expect([...files.kept.keys()]).toEqual([hashOf('one')])
    fireEvent.click(screen.getByRole('button', { name: 'Remove panel.png' }))
    await waitFor(() => expect(taken.toSorted()).toEqual(given.toSorted()))
  })

  test('[F13] what cannot be attached says why when it is chosen', async () => {
    const { choose } = await openTask()
    choose(new File([], 'nothing.txt'), new File(['x'], 'unreadable.png'))
    await screen.findByText('“nothing.txt” is empty and was not attached.')
    await screen.findByText('“unreadable.png” could not be read.')
    expect(screen.queryByText('nothing.txt')).toBeNull()
  })

  test('by drop on the task, and by paste, but not where words are pasted', async () => {
    const { section } = await openTask()
    const pane = section.querySelector('.detail') ?? section
    const dataTransfer = { types: ['Files'], files: [photo('dropped.png', 'two')] }
    fireEvent.dragEnter(pane, { dataTransfer })
    await waitFor(() => expect(pane.hasAttribute('data-drop')).toBe(true))
    fireEvent.drop(pane, { dataTransfer })
    await tile('dropped.png')
    expect(pane.hasAttribute('data-drop')).toBe(false)

    fireEvent.paste(document.body, {
      clipboardData: { types: ['Files'], files: [photo('pasted.png', 'three')] },
    })
    await tile('pasted.png')
    const words = { types: ['text/plain', 'Files'], files: [photo('words.png', 'four')] }
    fireEvent.paste(screen.getByRole('textbox', { name: 'Description' }), { clipboardData: words })
    expect(screen.queryByRole('button', { name: /words.png/ })).toBeNull()
  })

  test('[F12] a file that is no picture is a row to be downloaded, and never opened', async () => {
    const { choose } = await openTask()
    choose(new File(['<svg/>'], 'drawing.svg', { type: 'image/svg+xml' }))
    await screen.findByText('drawing.svg')
    expect(screen.queryByRole('button', { name: /Open the photo/ })).toBeNull()
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {})
    fireEvent.click(screen.getByRole('button', { name: 'Download drawing.svg' }))
    await waitFor(() => expect(click).toHaveBeenCalled())
    const link = click.mock.contexts[0] as HTMLAnchorElement
    expect([link.download, link.target]).toEqual(['drawing.svg', ''])
    click.mockRestore()
  })

  test('a viewer sees and downloads, and neither adds nor removes', async () => {
    const { section } = await openTask('viewer')
    expect(section.querySelector('input[type=file]')).toBeNull()
    await within(section).findByText('No attachments.')
    fireEvent.paste(document.body, { clipboardData: { types: ['Files'], files: [photo()] } })
    await screen.findByText('Your role lets you read, not change.')
  })
})

describe('where a file is', () => {
  const unsent = (state: object) => ({
    sha256: hashOf('one'),
    doc: 'd',
    entity: 'e',
    name: 'panel.png',
    bytes: 2_000,
    at: 1,
    state,
  })

  test.each([
    [{ kind: 'waiting', why: 'network', inMemory: false }, 'only on this device', '1 waits for the network'],
    [{ kind: 'waiting', why: 'wifi', inMemory: false }, 'only on this device', '1 waits for Wi-Fi'],
    [
      { kind: 'waiting', why: 'paused', inMemory: false },
      'only on this device',
      'Sending is paused, 1 waits',
    ],
    [
      { kind: 'waiting', why: 'network', inMemory: true },
      'only on this device',
      'No room on this device: keep this tab open until all is sent.',
    ],
    [{ kind: 'failed', code: 'refused', inMemory: false }, 'not sent', /panel.png was not sent: your role/],
  ] as const)('[F2] %j is said on the tile and below', async (state, onTile, below) => {
    const { choose, files } = await openTask()
    choose(photo())
    await tile('panel.png')
    files.setState(hashOf('one'), state)
    files.setUnsent([unsent(state) as never])
    await screen.findByRole('button', { name: `Open the photo panel.png, ${onTile}` })
    expect(await screen.findByText(below)).toBeTruthy()
  })

  test('[F7] one that failed is tried again by its button', async () => {
    const { choose, files } = await openTask()
    choose(photo())
    await tile('panel.png')
    const state = { kind: 'failed', code: 'too-large', inMemory: false } as const
    files.setState(hashOf('one'), state)
    files.setUnsent([unsent(state) as never])
    fireEvent.click(await screen.findByRole('button', { name: 'Try again' }))
    expect(files.retried).toEqual([hashOf('one')])
  })

  test.each([
    ['nowhere', 'Not here yet'],
    ['damaged', 'Damaged'],
    ['unreachable', 'Waits for network'],
  ] as const)('[F10] one that is %s has no picture and says so', async (kind, words) => {
    const { choose, files } = await openTask()
    Object.assign(files, { find: async () => ({ kind }) })
    choose(photo())
    expect(await screen.findByText(words)).toBeTruthy()
  })

  test('a picture that the browser cannot draw says so when it is opened, and can be downloaded', async () => {
    const { choose } = await openTask()
    choose(photo())
    fireEvent.click(await tile('panel.png'))
    const dialog = await screen.findByRole('dialog', { name: 'panel.png' })
    fireEvent.error(await within(dialog).findByRole('img'))
    const words = 'This browser does not show this image. It can be downloaded.'
    expect(await within(dialog).findByText(words)).toBeTruthy()
  })
})

describe('removing', () => {
  test('[F11] is undone by its toast, and from the removed', async () => {
    const { choose } = await openTask()
    choose(photo())
    await tile('panel.png')
    fireEvent.click(screen.getByRole('button', { name: 'Remove panel.png' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: /Open the photo/ })).toBeNull())
    fireEvent.click(await screen.findByRole('button', { name: /^Undo/ }))
    await tile('panel.png')
    fireEvent.click(screen.getByRole('button', { name: 'Remove panel.png' }))
    await screen.findByText('1 removed')
    fireEvent.click(screen.getByRole('button', { name: 'Restore panel.png', hidden: true }))
    await tile('panel.png')
    expect(screen.queryByText('1 removed')).toBeNull()
  })
})

test('large: arrows go from photo to photo, removing goes back to the task', async () => {
  const { choose } = await openTask()
  choose(photo('first.png', 'one'), photo('second.png', 'two'))
  await tile('second.png')
  fireEvent.click(await tile('first.png'))
  const dialog = await screen.findByRole('dialog', { name: 'first.png' })
  within(dialog).getByText('1 of 2')
  fireEvent.keyDown(dialog, { key: 'ArrowRight' })
  await screen.findByRole('dialog', { name: 'second.png' })
  fireEvent.click(within(dialog).getByRole('button', { name: 'Remove' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  const left = await tile('first.png')
  await waitFor(() => expect(document.activeElement).toBe(left))
  fireEvent.click(screen.getByRole('button', { name: 'Remove first.png' }))
  // Nothing is left: the keyboard goes on where another is added.
  await waitFor(() => expect(document.activeElement?.textContent).toBe('Attach'))
})
