import { cleanup, fireEvent, render, screen, waitFor, within } from '@solidjs/testing-library'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { OpenWorkspace, PendingChange } from '../../stores/workspace-context.ts'
import { withWords } from '../i18n/language.ts'
import { warmOverlays } from '../kit/overlays.ts'
import { AtAddress, fakeApp, freshDevice } from '../testing/fake-app.tsx'
import { fakeWorkspace, synced } from '../testing/fake-workspace.ts'
import SyncPanel from './SyncPanel.tsx'
import { readWaterline } from './waterline-shape.ts'

// A collection that this version does not know: its name cannot be read, and the row must stand all the same.
const change = (id: string, part: Partial<PendingChange> = {}): PendingChange => ({
  id,
  doc: 'ws/w1/board/main',
  collection: 'later',
  entity: id,
  fields: ['title'],
  at: new Date(2026, 10, 20, 14, 31).getTime(),
  state: 'device',
  ...part,
})
const refusal = { code: 'read_only', message: 'viewer' }

function open(pending: PendingChange[], part: Partial<OpenWorkspace> = {}, save = vi.fn<() => void>()) {
  const workspace = fakeWorkspace(part)
  workspace.setSync({ ...synced, pending })
  const onDiscarded = vi.fn<(key: string) => void>()
  render(() => (
    <AtAddress app={fakeApp({ device: { save } })} workspace={workspace}>
      {() => (
        <SyncPanel
          read={readWaterline(workspace.sync(), workspace.connection())}
          sent={[]}
          onDiscarded={onDiscarded}
          onClose={() => undefined}
        />
      )}
    </AtAddress>
  ))
  return { workspace, onDiscarded, save }
}

// Compiling a dialog for the first time may take longer than a query waits.
beforeAll(() => Promise.all([warmOverlays(), withWords(Promise.resolve())]))
beforeEach(() => void freshDevice())
afterEach(cleanup)

describe('the sync panel', () => {
  test('with nothing to send it says that all is with everyone, and since when', () => {
    open([])
    expect(screen.getByText('Tudo o que você fez está com todos.')).toBeTruthy()
    expect(screen.getByText(/^Com todos até .*14:30$/)).toBeTruthy()
  })
  test('every field that a person can change has a word', () => {
    open([change('A', { fields: ['due', 'due_time', 'deleted_at'] })])
    expect(screen.getByText(/prazo, hora, exclusão$/)).toBeTruthy()
  })
  test('one line for each thing, oldest first; a waiting one offers nothing to press', () => {
    const { workspace } = open([change('A'), change('B', { state: 'sending' })])
    workspace.setConnection({ kind: 'offline', since: 1, nextTryAt: 2 })
    const rows = screen.getAllByRole('listitem').filter((row) => row.dataset['k'] !== undefined)
    expect(rows.map((row) => row.dataset['k'])).toEqual(['device', 'sending'])
    expect(rows[0]?.textContent).toContain('espera a rede')
    expect(within(rows[0] ?? document.body).queryByRole('button')).toBeNull()
  })
  test('a refused change says why, can be tried again, and can be taken along', () => {
    const retry = vi.fn<(id: string) => void>()
    const { save } = open([change('A', { state: 'refused', refusal })], { retry })
    expect(screen.getByText('Seu papel permite ler, não mudar.')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Tentar de novo' }))
    expect(retry).toHaveBeenCalledWith('A')
    fireEvent.click(screen.getByRole('button', { name: 'Exportar estas mudanças' }))
    expect(save).toHaveBeenCalledOnce()
  })
  test('a refusal with an unknown code shows the code', () => {
    open([change('A', { state: 'refused', refusal: { code: 'moon_phase', message: '' } })])
    expect(screen.getByText('O servidor recusou (moon_phase).')).toBeTruthy()
  })
  test('discarding asks first, and what goes with it is not counted as sent', async () => {
    const discard = vi.fn<(id: string) => Promise<void>>(() => Promise.resolve())
    const pending = [change('A', { state: 'refused', refusal }), change('B')]
    const { onDiscarded } = open(pending, { discard })
    fireEvent.click(screen.getByRole('button', { name: 'Descartar' }))
    const dialog = await screen.findByRole('alertdialog')
    expect(discard).not.toHaveBeenCalled()
    fireEvent.click(within(dialog).getByRole('button', { name: 'Descartar' }))
    await waitFor(() => expect(discard).toHaveBeenCalledWith('A'))
    expect(onDiscarded).toHaveBeenCalledTimes(2)
  })
  test('sync now cannot be pressed twice at once', async () => {
    let finish = () => undefined as void
    const syncNow = vi.fn<() => Promise<void>>(() => new Promise((resolve) => (finish = resolve)))
    open([change('A')], { syncNow })
    const button = screen.getByRole('button', { name: 'Sincronizar agora' })
    fireEvent.click(button)
    expect(button.hasAttribute('disabled')).toBe(true)
    finish()
    await waitFor(() => expect(button.hasAttribute('disabled')).toBe(false))
  })
})
