/** The tasks screen as the shell shows it, over documents in memory: with keys, toasts and an address. */
import { MemoryRouter, Route, createMemoryHistory, useLocation } from '@solidjs/router'
import { render } from '@solidjs/testing-library'
import type { JSX } from 'solid-js'
import { type TaskSeed, makeBoardWorkspace } from '../../../stores/tasks/testing/board-workspace.ts'
import { WorkspaceContext } from '../../../stores/workspace-context.ts'
import { createShortcuts } from '../../commands/shortcuts.ts'
import { Toasts } from '../../kit/Toasts.tsx'
import { TasksRoom } from '../TasksRoom.tsx'
import TasksScreen from '../TasksScreen.tsx'
// Scripts of their own: compiled here, not while a test waits for them.
import '../QuickAdd.tsx'
import '../TaskDetail.tsx'
import '../TaskList.tsx'

export function renderTasks(
  seeds: readonly TaskSeed[],
  options: { address?: string; role?: 'owner' | 'viewer'; phone?: boolean } = {},
) {
  standInForLayout(options.phone ?? false)
  const workspace = makeBoardWorkspace(seeds, options.role ?? 'owner')
  const history = createMemoryHistory()
  history.set({ value: options.address ?? '/w/norte/tasks' })
  const rendered = render(() => {
    const open = workspace.open()
    const Frame = (props: { children?: JSX.Element }) => {
      createShortcuts()
      return (
        <WorkspaceContext.Provider value={open}>
          <TasksRoom>{props.children}</TasksRoom>
          <Toasts regionLabel="Avisos" closeLabel="Fechar" />
          <output data-testid="address">{useLocation().search}</output>
        </WorkspaceContext.Provider>
      )
    }
    return (
      <MemoryRouter history={history} root={Frame}>
        <Route path="/w/:workspace/tasks" component={TasksScreen} />
      </MemoryRouter>
    )
  })
  return { ...rendered, ...workspace }
}

/** What jsdom has not: a layout, and so nothing that asks about one. */
function standInForLayout(phone: boolean): void {
  window.matchMedia = (query) =>
    Object.assign(new EventTarget(), {
      matches: phone && query.includes('max-width'),
      media: query,
      onchange: null,
      addListener: () => {},
      removeListener: () => {},
    })
  Element.prototype.scrollIntoView = () => {}
  globalThis.CSS = { escape: (text: string) => text, supports: () => true } as unknown as typeof CSS
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
}
