import { cleanup, fireEvent, screen, waitFor, within } from '@solidjs/testing-library'
import { afterEach, describe, expect, test } from 'vitest'
import { marta } from '../../stores/tasks/testing/board-workspace.ts'
import { address, card, key, titlesIn, type } from './testing/on-screen.ts'
import { renderTasks } from './testing/render-tasks.tsx'

afterEach(cleanup)

describe('quick add', () => {
  test('turns what is typed into chips, and Enter into a task of the board', async () => {
    renderTasks([{ title: 'Já estava' }])
    await card('Já estava')
    key('c')
    const line = await screen.findByRole('combobox', { name: 'Nova tarefa' })
    await waitFor(() => expect(line).toBe(document.activeElement))
    type(line, 'Trocar ventilador #freezer @marta p1 #novidade ')
    expect(await screen.findByRole('button', { name: /#freezer/ })).toBeDefined()
    expect(screen.getByRole('button', { name: /^P1/ })).toBeDefined()
    fireEvent.keyDown(line, { key: 'Enter' })
    await waitFor(async () => expect(await titlesIn('A fazer')).toEqual(['Trocar ventilador', 'Já estava']))
    const added = within((await card('Trocar ventilador')).closest('li') ?? document.body)
    expect(added.getByRole('img', { name: 'Marta Oliveira' })).toBeDefined()
    expect(added.getByText('novidade')).toBeDefined()
    expect((await card('Trocar ventilador')).closest('li')?.dataset['state']).toBe('pending')
  })

  test('closing a chip leaves its words in the title', async () => {
    renderTasks([])
    fireEvent.click(await screen.findByRole('button', { name: /^Adicionar tarefa/ }))
    const line = await screen.findByRole('combobox', { name: 'Nova tarefa' })
    type(line, 'Ler o capítulo amanhã')
    fireEvent.click(await screen.findByRole('button', { name: /^amanhã/ }))
    fireEvent.keyDown(line, { key: 'Enter' })
    expect(await card('Ler o capítulo amanhã')).toBeDefined()
  })

  test('offers labels and people while they are typed, by keyboard', async () => {
    renderTasks([{ title: 'a' }])
    await card('a')
    key('c')
    const line = (await screen.findByRole('combobox', { name: 'Nova tarefa' })) as HTMLInputElement
    type(line, 'Ver #fre')
    expect(await screen.findByRole('option', { name: 'freezer' })).toBeDefined()
    fireEvent.keyDown(line, { key: 'Enter' })
    expect(line.value).toBe('Ver #freezer ')
    type(line, 'Ver #freezer @ma')
    await screen.findByRole('option', { name: /Marta/ })
    fireEvent.keyDown(line, { key: 'Tab' })
    expect(line.value).toBe('Ver #freezer @Marta Oliveira ')
  })
})

describe('the keyboard', () => {
  test('moves a card, says where it went, and stays on it', async () => {
    renderTasks([{ title: 'um' }, { title: 'dois' }, { title: 'três', status: 'in_progress' }])
    ;(await card('um')).focus()
    key('ArrowDown', { altKey: true, code: 'ArrowDown' })
    await waitFor(async () => expect(await titlesIn('A fazer')).toEqual(['dois', 'um']))
    expect(screen.getByText('“um”: A fazer, 2 de 2')).toBeDefined()
    await waitFor(() => expect(document.activeElement?.textContent).toMatch(/^um/))
    key('ArrowRight', { altKey: true, code: 'ArrowRight' })
    await waitFor(async () => expect(await titlesIn('Em andamento')).toEqual(['três', 'um']))
    await waitFor(() => expect(document.activeElement?.textContent).toMatch(/^um/))
    key('z', { ctrlKey: true, code: 'KeyZ' })
    await waitFor(async () => expect(await titlesIn('Em andamento')).toEqual(['três']))
  })

  test('opens with Enter, goes back with Escape, and the card has the focus again', async () => {
    const { ids } = renderTasks([{ title: 'um' }, { title: 'dois' }])
    const link = await card('um')
    link.focus()
    fireEvent.click(link)
    const title = await screen.findByRole('textbox', { name: 'Título' })
    expect((title as HTMLTextAreaElement).value).toBe('um')
    expect(address()).toBe(`?task=${ids['um']}`)
    key('Escape')
    await waitFor(() => expect(screen.queryByRole('textbox', { name: 'Título' })).toBeNull())
    await waitFor(() => expect(document.activeElement?.textContent).toBe('um'))
  })

  test('selects several, and one action and one undo are for all of them', async () => {
    const { marta: theirs, ids } = renderTasks([{ title: 'um' }, { title: 'dois' }, { title: 'três' }])
    ;(await card('um')).focus()
    key('x')
    key('ArrowDown')
    key('x')
    expect(await screen.findByRole('toolbar', { name: 'Seleção' })).toBeDefined()
    key('Delete')
    await waitFor(async () => expect(await titlesIn('A fazer')).toEqual(['três']))
    expect(theirs.valueOf(ids['um'] ?? '', 'deleted_at')).toBeTypeOf('number')
    fireEvent.click(await screen.findByRole('button', { name: /^Desfazer/ }))
    await waitFor(async () => expect(await titlesIn('A fazer')).toEqual(['um', 'dois', 'três']))
  })

  test('comes back to the card when the selection goes, and to the board when its last card goes', async () => {
    renderTasks([{ title: 'um' }])
    ;(await card('um')).focus()
    key('x')
    const bar = await screen.findByRole('toolbar', { name: 'Seleção' })
    within(bar)
      .getByRole('button', { name: /Atribuir/ })
      .focus()
    key('Escape')
    await waitFor(() => expect(screen.queryByRole('toolbar', { name: 'Seleção' })).toBeNull())
    await waitFor(() => expect(document.activeElement?.textContent).toBe('um'))
    key('Delete')
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Tarefas'))
  })

  test('stays on its task when the board becomes a list, and back', async () => {
    renderTasks([{ title: 'um' }, { title: 'dois' }])
    ;(await card('dois')).focus()
    for (const row of [true, false]) {
      key('v')
      await waitFor(() => expect(document.querySelector('.trow') !== null).toBe(row))
      await waitFor(() => expect(document.activeElement?.textContent).toBe('dois'))
    }
  })

  test('goes from the search to the first card that it found', async () => {
    renderTasks([{ title: 'um' }, { title: 'dois' }])
    await card('um')
    key('/')
    const search = await screen.findByRole('searchbox', { name: 'Procurar tarefas' })
    type(search, 'dois')
    await waitFor(async () => expect(await titlesIn('A fazer')).toEqual(['dois']))
    fireEvent.keyDown(search, { key: 'Enter' })
    await waitFor(() => expect(document.activeElement?.textContent).toBe('dois'))
  })

  test('an endless title is told by its beginning, so that Undo stays in sight', async () => {
    renderTasks([{ title: `Levar ${'x'.repeat(400)}` }])
    ;(await card('Levar')).focus()
    key('Delete')
    expect(await screen.findByText(`“Levar ${'x'.repeat(54)}…”: excluída`)).toBeDefined()
  })

  test('stays on a card that another person moves meanwhile', async () => {
    const { ids, marta: theirs } = renderTasks([{ title: 'um' }, { title: 'dois' }, { title: 'três' }])
    ;(await card('dois')).focus()
    theirs.edit(ids['dois'] ?? '', { status: 'review' })
    await waitFor(async () => expect(await titlesIn('Revisão')).toEqual(['dois']))
    await waitFor(() => expect(document.activeElement?.textContent).toBe('dois'))
    theirs.edit(ids['um'] ?? '', { order: 'zzz' })
    await waitFor(async () => expect(await titlesIn('A fazer')).toEqual(['três', 'um']))
    expect(document.activeElement?.textContent).toBe('dois')
  })

  test('chooses a status from the menu of the card', async () => {
    renderTasks([{ title: 'um' }])
    ;(await card('um')).focus()
    key('s')
    // The menu is fetched when first opened.
    const list = await screen.findByRole('listbox', { name: 'Mover para' }, { timeout: 10_000 })
    fireEvent.click(within(list).getByRole('option', { name: /Revisão/ }))
    await waitFor(async () => expect(await titlesIn('Revisão')).toEqual(['um']))
  })
})

describe('the task beside the board', () => {
  const open = async (title: string) => {
    fireEvent.click(await card(title))
    return (await screen.findByRole('textbox', { name: 'Descrição' })) as HTMLTextAreaElement
  }

  test('two people write one description: it converges and the caret stays beside its word', async () => {
    const { ids, marta: theirs } = renderTasks([{ title: 'um', description: 'Levar o ventilador' }])
    const id = ids['um'] ?? ''
    const field = await open('um')
    field.focus()
    field.setRangeText(' de 220 V', 18, 18, 'end')
    fireEvent.input(field)
    theirs.type(id, 0, 'Marta: ')
    expect(field.value).toBe('Marta: Levar o ventilador de 220 V')
    expect(field.selectionStart).toBe(field.value.length)
    expect(theirs.descriptionOf(id)).toBe(field.value)
    fireEvent.keyDown(field, { key: 'z', ctrlKey: true })
    expect(field.value).toBe('Marta: Levar o ventilador')
  })

  test('what is being composed is not disturbed, and nothing of either is lost', async () => {
    const { ids, marta: theirs } = renderTasks([{ title: 'um', description: 'ab' }])
    const field = await open('um')
    field.focus()
    fireEvent.compositionStart(field)
    field.setRangeText('~', 1, 1, 'end')
    fireEvent.input(field)
    theirs.type(ids['um'] ?? '', 0, 'XX')
    expect(field.value).toBe('a~b')
    field.setRangeText('ã', 1, 2, 'end')
    fireEvent.compositionEnd(field)
    expect(field.value).toBe('XXaãb')
    expect(theirs.descriptionOf(ids['um'] ?? '')).toBe('XXaãb')
  })

  test('a title under edit is not replaced by another’s; other fields come in', async () => {
    const { ids, marta: theirs } = renderTasks([{ title: 'um' }])
    await open('um')
    const title = screen.getByRole('textbox', { name: 'Título' }) as HTMLTextAreaElement
    title.focus()
    title.value = 'um e meio'
    theirs.edit(ids['um'] ?? '', { title: 'dela', assignee: marta })
    expect(title.value).toBe('um e meio')
    expect(await screen.findByRole('button', { name: /Marta Oliveira/ })).toBeDefined()
    title.blur()
    expect(await card('um e meio')).toBeDefined()
  })

  test('a task deleted by another says so, and can be brought back from there', async () => {
    const { ids, marta: theirs } = renderTasks([{ title: 'um', description: 'ab' }])
    await open('um')
    theirs.edit(ids['um'] ?? '', { deleted_at: 1_700_000_000_000 })
    fireEvent.click(await screen.findByRole('button', { name: 'Restaurar' }))
    expect(await card('um')).toBeDefined()
    const field = (await screen.findByRole('textbox', { name: 'Descrição' })) as HTMLTextAreaElement
    expect(field.value).toBe('ab')
  })

  test('an address of no task says so', async () => {
    renderTasks([{ title: 'um' }], { address: '/w/norte/tasks?task=01ARYZ6S41TSV4RRFFQ69G5FA1' })
    expect(await screen.findByText('Esta tarefa não está mais aqui')).toBeDefined()
  })

  test('a viewer reads and cannot write', async () => {
    renderTasks([{ title: 'um' }], { role: 'viewer' })
    const field = await open('um')
    expect(field.readOnly).toBe(true)
    ;(await card('um')).focus()
    key('Delete')
    expect(await screen.findByText('Seu papel permite ler, não mudar.')).toBeDefined()
    expect(await titlesIn('A fazer')).toEqual(['um'])
  })
})

test('a card that waits for the network is dashed until the server has it', async () => {
  const { engine } = renderTasks([{ title: 'um' }, { title: 'dois' }])
  ;(await card('um')).focus()
  key('ArrowDown', { altKey: true, code: 'ArrowDown' })
  await waitFor(async () => expect((await card('um')).closest('li')?.dataset['state']).toBe('pending'))
  expect((await card('dois')).closest('li')?.dataset['state']).toBeUndefined()
  await engine.syncNow()
  await waitFor(async () => expect((await card('um')).closest('li')?.dataset['state']).toBeUndefined())
})

test('a board without tasks says what to do next', async () => {
  renderTasks([])
  expect(await screen.findByText('Nada a fazer por aqui')).toBeDefined()
  expect(screen.getByRole('button', { name: /^Adicionar tarefa/ })).toBeDefined()
})
