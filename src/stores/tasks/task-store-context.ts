import { createContext, useContext } from 'solid-js'
import { boardDocument } from '../../domain/document-ids.ts'
import { useWorkspace } from '../workspace-context.ts'
import { type TaskStore, createTaskStore } from './task-store.ts'

export const TaskStoreContext = createContext<TaskStore>()

/** The board that every workspace has. */
const MAIN_BOARD = 'main'

/** Opens the workspace's board for as long as the calling owner lives. */
export function createWorkspaceTaskStore(): TaskStore {
  const workspace = useWorkspace()
  return createTaskStore({
    board: workspace.openDocument(boardDocument(workspace.workspace.id, MAIN_BOARD)),
    directory: workspace.directory,
    labels: workspace.labels,
    files: workspace.files,
    person: workspace.person.id,
    now: Date.now,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    random: Math.random,
  })
}

export function useTaskStore(): TaskStore {
  const store = useContext(TaskStoreContext)
  if (store === undefined) throw new Error('No board is open here: wrap the screen in TasksRoom.')
  return store
}
