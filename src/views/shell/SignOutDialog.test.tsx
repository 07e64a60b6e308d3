import { cleanup, fireEvent, render, screen } from '@solidjs/testing-library'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PendingChange } from '../../stores/workspace-context.ts'
import { withWords } from '../i18n/language.ts'
import { warmOverlays } from '../kit/overlays.ts'
import { AtAddress, fakeApp, freshDevice } from '../testing/fake-app.tsx'
import { fakeWorkspace, synced } from '../testing/fake-workspace.ts'
import SignOutDialog from './SignOutDialog.tsx'

const change = (entity: string): PendingChange => ({
  id: entity,
  doc: 'ws/w1/board/main',
  collection: 'later',
  entity,
  fields: ['title'],
  at: 1,
  state: 'device',
})

async function open(pending: PendingChange[]) {
  const workspace = fakeWorkspace()
  workspace.setSync({ ...synced, pending })
  render(() => (
    <AtAddress app={fakeApp({})} workspace={workspace}>
      {() => <SignOutDialog onClose={() => undefined} />}
    </AtAddress>
  ))
  return await screen.findByRole('alertdialog')
}

beforeAll(() => Promise.all([warmOverlays(), withWords(Promise.resolve())]))
beforeEach(() => void freshDevice())
afterEach(cleanup)

describe('signing out with unsent changes', () => {
  test('speaks of one as of one', async () => {
    const dialog = await open([change('A')])
    expect(dialog.textContent).toContain('Ela fica neste aparelho')
    cleanup()
    expect((await open([change('A'), change('B')])).textContent).toContain('Elas ficam neste aparelho')
  })

  test('does not say that they stay when the data of this device is to go', async () => {
    const dialog = await open([change('A')])
    fireEvent.click(screen.getByRole('checkbox'))
    expect(dialog.textContent).not.toContain('fica neste aparelho')
  })
})
